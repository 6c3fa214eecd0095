package dev.pictj.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.Stream;

/** A shared library, or several whose functions are looked for in one after another. */
@SuppressWarnings("restricted") // the jar says that it may
public final class NativeLibrary {
  private final String name;
  private final SymbolLookup symbols;

  private NativeLibrary(String name, SymbolLookup symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  /** The C library. */
  public static NativeLibrary standard() throws UnavailableException {
    return new NativeLibrary("the C library", linker().defaultLookup());
  }

  /**
   * Loads a library, for good.
   *
   * @param names of its versions, as the system's loader knows them; the first that is there counts
   */
  public static NativeLibrary load(String... names) throws UnavailableException {
    Linker _ = linker();
    for (String name : names) {
      try {
        return new NativeLibrary(name, SymbolLookup.libraryLookup(name, Arena.global()));
      } catch (IllegalArgumentException _) {
        // The library may be installed under the next name.
      } catch (IllegalCallerException e) {
        throw forbidden(e);
      }
    }
    throw new UnavailableException(names[0] + " is not installed");
  }

  /** Where {@link #optional} looks for the functions of a library. */
  @FunctionalInterface
  public interface Binding<T> {
    T bind(NativeLibrary library) throws UnavailableException;
  }

  /** What calls a library, where that is installed and has all functions that are called. */
  public static <T> Optional<T> optional(Binding<T> binding, String... names) {
    try {
      return Optional.of(binding.bind(load(names)));
    } catch (UnavailableException _) {
      return Optional.empty();
    }
  }

  private static Linker linker() throws UnavailableException {
    try {
      return Linker.nativeLinker();
    } catch (UnsupportedOperationException e) {
      throw forbidden(e);
    }
  }

  private static UnavailableException forbidden(RuntimeException e) {
    return new UnavailableException("this Java runtime does not call native libraries", e);
  }

  /** This library and, for functions that it does not have, another one. */
  public NativeLibrary or(NativeLibrary other) {
    return new NativeLibrary(name, symbols.or(other.symbols));
  }

  /** Whether it has a function of this name. */
  public boolean has(String function) {
    return symbols.find(function).isPresent();
  }

  /**
   * Finds a function.
   *
   * @return where it begins
   */
  public MemorySegment require(String function) throws UnavailableException {
    return symbols
        .find(function)
        .orElseThrow(() -> new UnavailableException(name + " has no " + function));
  }

  /**
   * A function, as it is declared in C.
   *
   * @param declaration with types and without names of parameters, such as {@code int
   *     tjDestroy(ptr)}; the types are {@code int}, {@code long}, {@code ptr} and, for a result,
   *     {@code void}
   */
  public NativeFunction function(String declaration) throws UnavailableException {
    int space = declaration.indexOf(' ');
    int open = declaration.indexOf('(');
    String result = declaration.substring(0, space);
    MemoryLayout[] parameters =
        Stream.of(declaration.substring(open + 1, declaration.length() - 1).split(",", -1))
            .map(String::strip)
            .filter(type -> !type.isEmpty())
            .map(NativeLibrary::layout)
            .toArray(MemoryLayout[]::new);
    return link(
        declaration.substring(space + 1, open),
        result.equals("void")
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(layout(result), parameters));
  }

  private static MemoryLayout layout(String type) {
    return switch (type) {
      case "int" -> ValueLayout.JAVA_INT;
      case "long" -> ValueLayout.JAVA_LONG;
      case "ptr" -> ValueLayout.ADDRESS;
      default -> throw new IllegalArgumentException("no type of a declaration: " + type);
    };
  }

  /**
   * A function of any number of arguments, for one combination of them.
   *
   * @param fixed how many of the parameters are declared
   */
  public NativeFunction variadic(
      MemoryLayout result, String function, int fixed, MemoryLayout... parameters)
      throws UnavailableException {
    return link(
        function, FunctionDescriptor.of(result, parameters), Linker.Option.firstVariadicArg(fixed));
  }

  private NativeFunction link(
      String function, FunctionDescriptor descriptor, Linker.Option... options)
      throws UnavailableException {
    try {
      return new NativeFunction(linker().downcallHandle(require(function), descriptor, options));
    } catch (IllegalCallerException e) {
      throw forbidden(e);
    }
  }
}
