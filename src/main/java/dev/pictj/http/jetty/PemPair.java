package dev.pictj.http.jetty;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with those that sign it, and its private key, from two files in PEM (RFC 7468). The
 * key may be in PKCS#8 or, as OpenSSL writes them, in PKCS#1 (RSA) or SEC 1 (EC).
 *
 * @param chain begins with the server's own certificate
 */
record PemPair(List<X509Certificate> chain, PrivateKey key) {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<base64>[A-Za-z0-9+/=\\s]*)-----END"
              + " \\k<label>-----");
  private static final byte SEQUENCE = 0x30;
  private static final byte OCTETS = 0x04;
  private static final byte[] VERSION_0 = {0x02, 1, 0};

  /** The files cannot be used; the message names the file and says why. */
  static final class PemException extends Exception {
    private static final long serialVersionUID = 1;

    PemException(Path file, String why) {
      super(file + " " + why);
    }
  }

  /** What a file holds. */
  static String text(Path file) throws PemException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new PemException(file, "is not a file");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new PemException(file, "is larger than %d bytes".formatted(MAX_BYTES));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
    } catch (NoSuchFileException _) {
      throw new PemException(file, "does not exist");
    } catch (AccessDeniedException _) {
      throw new PemException(file, "may not be read by the user that pictj runs as");
    } catch (IOException e) {
      throw new PemException(file, "cannot be read: " + e.getMessage());
    }
  }

  /** The pair that these texts are; the files are named in messages only. */
  static PemPair of(Path certificateFile, String certificates, Path keyFile, String keyText)
      throws PemException {
    List<X509Certificate> chain = chain(certificateFile, certificates);
    PublicKey publicKey = chain.getFirst().getPublicKey();
    String which = "of the first certificate in " + certificateFile;
    byte[] encoded = pkcs8(keyFile, keyText, publicKey);
    try {
      PrivateKey key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (!belongTogether(publicKey, key)) {
        throw new PemException(keyFile, "is not the private key " + which);
      }
      return new PemPair(chain, key);
    } catch (InvalidKeySpecException _) {
      throw new PemException(
          keyFile,
          "has no readable %s key, as that %s is".formatted(publicKey.getAlgorithm(), which));
    } catch (GeneralSecurityException e) {
      throw new PemException(
          keyFile, "cannot be used as the private key %s: %s".formatted(which, e));
    }
  }

  private static List<X509Certificate> chain(Path file, String text) throws PemException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      if (block.group("label").equals("CERTIFICATE")) {
        try {
          chain.add(
              (X509Certificate)
                  CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(decoded(file, block))));
        } catch (CertificateException e) {
          throw new PemException(file, "has a certificate that is damaged: " + e.getMessage());
        }
      }
    }
    if (chain.isEmpty()) {
      throw new PemException(file, "has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
    return List.copyOf(chain);
  }

  private static byte[] pkcs8(Path file, String text, PublicKey publicKey) throws PemException {
    if (text.contains("ENCRYPTED")) {
      throw new PemException(file, "is encrypted, and must be a key without a password");
    }
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      switch (block.group("label")) {
        case "PRIVATE KEY" -> {
          return decoded(file, block);
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
          return der(
              SEQUENCE,
              VERSION_0,
              algorithm(publicKey.getEncoded()),
              der(OCTETS, decoded(file, block)));
        }
        default -> {
          // Such as the parameters of a curve, which the certificate tells, too.
        }
      }
    }
    throw new PemException(file, "has no private key in PEM (-----BEGIN PRIVATE KEY-----)");
  }

  private static byte[] decoded(Path file, Matcher block) throws PemException {
    try {
      return Base64.getMimeDecoder().decode(block.group("base64"));
    } catch (IllegalArgumentException _) {
      throw new PemException(file, "is damaged: its PEM is no base64");
    }
  }

  /** The algorithm's identifier, first in a public key (RFC 5280, section 4.1), as it stands. */
  private static byte[] algorithm(byte[] publicKey) {
    ByteBuffer in = ByteBuffer.wrap(publicKey);
    enter(in);
    int start = in.position();
    int length = enter(in);
    byte[] identifier = new byte[in.position() + length - start];
    in.get(start, identifier);
    return identifier;
  }

  /** Reads a tag and a length, which it returns. */
  private static int enter(ByteBuffer in) {
    in.get();
    int length = in.get() & 0xFF;
    if (length < 0x80) {
      return length;
    }
    int bytes = length & 0x7F;
    length = 0;
    for (int i = 0; i < bytes; i++) {
      length = (length << 8) | (in.get() & 0xFF);
    }
    return length;
  }

  private static byte[] der(byte tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteBuffer head = ByteBuffer.allocate(5).put(tag);
    if (length < 0x80) {
      head.put((byte) length);
    } else {
      // Three bytes are enough for the largest file.
      head.put((byte) 0x83).put((byte) (length >> 16)).putShort((short) length);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head.array(), 0, head.position());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static boolean belongTogether(PublicKey publicKey, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] message = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(message);
    byte[] signature = signer.sign();
    signer.initVerify(publicKey);
    signer.update(message);
    try {
      return signer.verify(signature);
    } catch (GeneralSecurityException _) {
      // Some say no by a fault, such as for a signature of another length.
      return false;
    }
  }
}
