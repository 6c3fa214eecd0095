package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;

/** A JPEG as libjpeg writes it, of which the JDK has a copy, with what it can be told to do. */
public final class WrittenJpeg {
  private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

  private final BufferedImage image;
  private float quality = 0.85f;
  private int horizontal = 1;
  private int vertical = 1;
  private int interval;
  private boolean progressive;
  private boolean optimised;

  private WrittenJpeg(BufferedImage image) {
    this.image = image;
  }

  /** Of this picture, with whole colour and a quality of 0.85. */
  public static WrittenJpeg of(BufferedImage image) {
    return new WrittenJpeg(image);
  }

  /** Quality from 0 to 1. */
  public WrittenJpeg quality(float wanted) {
    quality = wanted;
    return this;
  }

  /** Sampling factors of brightness; those of colour are 1. */
  public WrittenJpeg sampling(int across, int down) {
    horizontal = across;
    vertical = down;
    return this;
  }

  /** MCUs between restarts. */
  public WrittenJpeg restarts(int every) {
    interval = every;
    return this;
  }

  /** In several scans. */
  public WrittenJpeg progressive() {
    progressive = true;
    return this;
  }

  /** With Huffman codes of its own. */
  public WrittenJpeg optimised() {
    optimised = true;
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    return Pictures.written(
        "jpeg",
        writer -> {
          JPEGImageWriteParam param = (JPEGImageWriteParam) writer.getDefaultWriteParam();
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(quality);
          param.setOptimizeHuffmanTables(optimised);
          param.setProgressiveMode(
              progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
          IIOMetadata metadata =
              writer.getDefaultImageMetadata(
                  ImageTypeSpecifier.createFromRenderedImage(image), param);
          IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
          IIOMetadataNode first =
              (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(0);
          first.setAttribute("HsamplingFactor", Integer.toString(horizontal));
          first.setAttribute("VsamplingFactor", Integer.toString(vertical));
          if (interval > 0) {
            IIOMetadataNode restarts = new IIOMetadataNode("dri");
            restarts.setAttribute("interval", Integer.toString(interval));
            root.getElementsByTagName("markerSequence").item(0).appendChild(restarts);
          }
          metadata.setFromTree(FORMAT, root);
          writer.write(null, new IIOImage(image, null, metadata), param);
        });
  }
}
