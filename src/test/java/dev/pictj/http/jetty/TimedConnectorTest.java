package dev.pictj.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class TimedConnectorTest {
  @Test
  void buffersForStoredBytesAreUsedAgain() {
    try (TimedConnector connector =
        new TimedConnector(
            new Server(),
            new TimedEndPoint.Rules(
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                new LingeringClose(Duration.ofSeconds(1), 1, 0),
                () -> ByteBuffer.allocate(0)),
            new HttpConnectionFactory())) {
      ByteBufferPool pool = connector.getByteBufferPool();
      RetainableByteBuffer first = pool.acquire(ConnectionMemory.MAX_BUFFER, true);
      ByteBuffer memory = first.getByteBuffer();
      first.release();
      RetainableByteBuffer second = pool.acquire(ConnectionMemory.MAX_BUFFER, true);
      assertThat(second.getByteBuffer()).isSameAs(memory);
      second.release();
    }
  }
}
