import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gives the classes of a jar that were compiled for Java 5 the form of Java 8: the same code, and
 * with it the stack maps that came with Java 6 (JVMS 4.7.4). The JVM's ahead-of-time cache leaves
 * older classes out, and picocli's are such: without this they are a tenth of the whole start.
 *
 * <p>java UpgradeClasses.java JAR
 */
public final class UpgradeClasses {
  /** The first version that a cache takes (JVMS 4.1, table 4.1-A). */
  private static final int OLDEST = ClassFile.JAVA_6_VERSION;

  /** Where the version stands in a class file (JVMS 4.1). */
  private static final int VERSION_AT = 6;

  private UpgradeClasses() {}

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]).toAbsolutePath();
    try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
      ClassFile classFile =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(type -> open(files, type))
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      List<Path> classes;
      try (Stream<Path> all = Files.walk(files.getPath("/"))) {
        classes = all.filter(file -> file.toString().endsWith(".class")).toList();
      }
      for (Path file : classes) {
        byte[] bytes = Files.readAllBytes(file);
        if (ByteBuffer.wrap(bytes).getShort(VERSION_AT) < OLDEST) {
          FileTime time = Files.getLastModifiedTime(file);
          Files.write(file, upgraded(classFile, bytes));
          Files.setLastModifiedTime(file, time);
        }
      }
    }
  }

  /** Which types extend which decides what a stack map says; nothing for types from elsewhere. */
  private static InputStream open(FileSystem files, ClassDesc type) {
    try {
      Path file = files.getPath(type.descriptorString().replaceAll("^L|;$", "") + ".class");
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] upgraded(ClassFile classFile, byte[] bytes) {
    return classFile.transformClass(
        classFile.parse(bytes),
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen(
                (builder, element) -> {
                  if (element instanceof ClassFileVersion) {
                    builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                  } else {
                    builder.with(element);
                  }
                }));
  }
}
