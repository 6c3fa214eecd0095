package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.store.BlobStore;
import io.javalin.http.Context;
import java.io.IOException;

/** GET /healthz: 200 and nothing else while catalog and store answer. */
record Health(Catalog catalog, BlobStore store) {
  void check(Context ctx) throws IOException {
    catalog.check();
    store.check();
    ctx.res().setContentLengthLong(0);
    ctx.status(200);
  }
}
