package dev.pictj.http;

import dev.pictj.config.Settings;
import dev.pictj.ingest.SpoolBudget;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/** Takes in every request, before any handler: stops its connection's clock and meters its body. */
final class RequestIntake implements HttpConfiguration.Customizer {
  private final Settings.Clients limits;
  private final SpoolBudget spool;

  RequestIntake(Settings.Clients limits, SpoolBudget spool) {
    this.limits = limits;
    this.spool = spool;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    TimedEndPoint timed = endPoint instanceof TimedEndPoint found ? found : null;
    if (timed != null) {
      timed.requestBegins();
    }
    SpoolBudget.Share share = spool.open();
    request.addHttpStreamWrapper(
        stream ->
            new HttpStream.Wrapper(stream) {
              @Override
              public void succeeded() {
                end();
                super.succeeded();
              }

              @Override
              public void failed(Throwable failure) {
                end();
                super.failed(failure);
              }

              private void end() {
                share.close();
                if (timed != null) {
                  timed.requestEnds();
                }
              }
            });
    if (request.getLength() == 0) {
      return request;
    }
    return new BodyMeter(
        PlainBoundary.of(request), share, limits.minUploadRate(), limits.uploadGrace());
  }
}
