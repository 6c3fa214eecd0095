package dev.pictj.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a connection is out of time, with a clock that the test moves. */
class TimedEndPointTest {
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);
  private static final Duration STOP_GRACE = Duration.ofSeconds(1);

  /** Runs nothing. */
  private static final class Still extends AbstractLifeCycle implements Scheduler {
    @Override
    public Task schedule(Runnable task, long delay, TimeUnit unit) {
      return () -> true;
    }
  }

  private final ByteBuffer buffer = BufferUtil.allocate(100);
  private long now = Long.MAX_VALUE - 5;
  private SocketChannel client;
  private TimedEndPoint endPoint;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      client = SocketChannel.open(server.getLocalAddress());
      SocketChannel accepted = server.accept();
      accepted.configureBlocking(false);
      endPoint =
          new TimedEndPoint(
              accepted,
              null,
              null,
              new Still(),
              new TimedEndPoint.Rules(
                  HEAD,
                  KEEP_ALIVE,
                  STOP_GRACE,
                  new LingeringClose(Duration.ofSeconds(1), 1, 0),
                  () -> ByteBuffer.allocate(0)),
              () -> now);
    }
    endPoint.onOpen();
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    endPoint.close();
  }

  private void pass(Duration time) {
    now += time.toNanos();
    endPoint.expired();
  }

  private void receive() throws IOException {
    client.write(ByteBuffer.wrap(new byte[] {'G'}));
    await().until(() -> endPoint.fill(buffer) > 0);
  }

  @Test
  void whoSaysNothingIsClosedWhenTheTimeOfAHeadIsOverAndNotBefore() {
    pass(HEAD.minusNanos(1));
    assertThat(endPoint.isOpen()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(endPoint.isOpen()).isFalse();
  }

  @Test
  void aHeadHasItsTimeFromItsFirstByte() throws Exception {
    pass(HEAD.minusSeconds(1));
    receive();
    pass(HEAD.minusNanos(1));
    assertThat(endPoint.isOpen()).isTrue();
  }

  /** No byte after the first one gains time, and what nobody has read is not the client's delay. */
  @Test
  void aHeadThatIsNotReadYetIsWaitedForASecondMore() throws Exception {
    receive();
    pass(HEAD.minusSeconds(1));
    receive();
    pass(Duration.ofSeconds(1));
    assertThat(endPoint.isOpen()).as("we do not read").isTrue();
    endPoint.requestBegins();
    endPoint.requestEnds();
    pass(Duration.ofSeconds(2));
    assertThat(endPoint.isOpen()).as("it was in time").isTrue();
  }

  @Test
  void aRequestTakesWhatItTakes() throws Exception {
    receive();
    endPoint.requestBegins();
    pass(Duration.ofDays(1));
    assertThat(endPoint.isOpen()).isTrue();
  }

  @Test
  void betweenRequestsAConnectionRestsForItsTime() throws Exception {
    receive();
    endPoint.requestBegins();
    endPoint.requestEnds();
    pass(KEEP_ALIVE.minusNanos(1));
    assertThat(endPoint.isOpen()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(endPoint.isOpen()).isFalse();
  }

  @Test
  void aServerThatStopsWaitsASecondForWhoIsAboutToAsk() throws Exception {
    receive();
    endPoint.requestBegins();
    endPoint.requestEnds();
    endPoint.serverStops();
    pass(STOP_GRACE);
    assertThat(endPoint.isOpen()).isFalse();
  }

  @Test
  void aServerThatStopsLetsARequestEnd() throws Exception {
    receive();
    endPoint.requestBegins();
    endPoint.serverStops();
    pass(Duration.ofMinutes(1));
    assertThat(endPoint.isOpen()).isTrue();
    endPoint.requestEnds();
    pass(STOP_GRACE);
    assertThat(endPoint.isOpen()).isFalse();
  }
}
