package dev.pictj.http;

import dev.pictj.ingest.SpoolBudget;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/** Takes in every request, before any handler: stops its connection's clock and meters its body. */
final class RequestIntake implements HttpConfiguration.Customizer {
  /** The attribute that holds what a request's body takes of the disk. */
  static final String SPOOL_SHARE = SpoolBudget.Share.class.getName();

  private final BodyMeter.Pace pace;
  private final SpoolBudget spool;

  RequestIntake(BodyMeter.Pace pace, SpoolBudget spool) {
    this.pace = pace;
    this.spool = spool;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    TimedEndPoint timed = endPoint instanceof TimedEndPoint found ? found : null;
    if (timed != null) {
      timed.requestBegins();
    }
    CountedHeads.Counted counted =
        request.getConnectionMetaData().getConnection() instanceof CountedHeads.Counted found
            ? found
            : null;
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
                if (counted != null) {
                  counted.requestEnds();
                }
                if (timed != null) {
                  timed.requestEnds();
                }
              }
            });
    if (request.getLength() == 0) {
      return request;
    }
    request.setAttribute(SPOOL_SHARE, share);
    return new BodyMeter(PlainBoundary.of(request), share, pace, System::nanoTime);
  }
}
