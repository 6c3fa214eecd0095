package dev.pictj.app;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.store.BlobStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands around catalog and store and makes one call fail: the n-th that a request makes, before it
 * does anything or after it did all. What the background does is left alone.
 */
final class Faults {
  /** When the call fails. */
  enum Moment {
    BEFORE,
    AFTER
  }

  private final List<String> calls = new ArrayList<>();
  private int target = -1;
  private Moment moment = Moment.BEFORE;
  private boolean armed;
  private String failed;

  Catalog around(Catalog catalog) {
    return proxy(Catalog.class, catalog);
  }

  BlobStore around(BlobStore store) {
    return proxy(BlobStore.class, store);
  }

  /** From now on calls are counted from 0, and this one fails. */
  synchronized void arm(int call, Moment when) {
    calls.clear();
    failed = null;
    target = call;
    moment = when;
    armed = true;
  }

  /** Nothing fails any more. Returns the call that did, or null. */
  synchronized String disarm() {
    armed = false;
    return failed;
  }

  private synchronized boolean strikes(String call) {
    // A refusal before the body is read is no step of a write, and may cut the client off.
    if (!armed
        || call.endsWith("requireWritable")
        || Thread.currentThread().getName().equals("trash")
        || Thread.currentThread().getName().equals("sweep")
        || Thread.currentThread().getName().endsWith("-upkeep")) {
      return false;
    }
    calls.add(call);
    if (calls.size() - 1 != target) {
      return false;
    }
    failed = call;
    return true;
  }

  private <T> T proxy(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(type, real, method, arguments)));
  }

  private Object call(Class<?> type, Object real, Method method, Object[] arguments)
      throws Throwable {
    boolean strikes = strikes(type.getSimpleName() + "." + method.getName());
    if (strikes && moment == Moment.BEFORE) {
      throw failure(type);
    }
    Object result;
    try {
      result = method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (strikes) {
      throw failure(type);
    }
    return result;
  }

  private static Exception failure(Class<?> type) {
    return type == Catalog.class
        ? new CatalogException("an injected fault")
        : new IOException("an injected fault");
  }
}
