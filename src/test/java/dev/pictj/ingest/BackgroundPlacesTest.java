package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.Party;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who gets how much of what may wait in the background. */
class BackgroundPlacesTest {
  private static final Optional<Party> ONE = Optional.of(Party.ofClient("1"));
  private static final Optional<Party> OTHER = Optional.of(Party.ofClient("2"));
  private static final Optional<Party> THIRD = Optional.of(Party.ofClient("3"));

  private final BackgroundPlaces places = new BackgroundPlaces(12, 1000);

  /** How many he gets, one after the other. */
  private int most(Optional<Party> party, long bytes) {
    for (int i = 0; ; i++) {
      try {
        places.reserve(party, 1, bytes);
      } catch (NoPlaceException e) {
        assertThat(e.reason()).isEqualTo(NoPlaceException.Reason.TAKEN);
        return i;
      }
    }
  }

  @Test
  void oneAloneHasHalfAndWhoeverComesNextFindsSome() {
    assertThat(most(ONE, 1)).isEqualTo(6);
    assertThat(most(OTHER, 1)).isEqualTo(3);
    assertThat(most(THIRD, 1)).isPositive();
    places.release(ONE, 6, 6);
    assertThat(most(OTHER, 1)).isPositive();
  }

  @Test
  void bytesAreSharedToo() {
    assertThat(most(ONE, 250)).isEqualTo(2);
    assertThat(most(OTHER, 250)).isEqualTo(1);
    places.reserve(THIRD, 1, 250);
    assertThat(places.bytes()).isEqualTo(1000);
    assertThat(most(ONE, 1)).isZero();
  }

  @Test
  void whoHasNoneMayTakeWhatIsFree() {
    places.reserve(ONE, 1, 1000);
    assertThat(most(ONE, 1)).isZero();
    assertThat(most(OTHER, 1)).isZero();
    places.release(ONE, 1, 1000);
    places.reserve(OTHER, 12, 1);
    assertThat(places.uploads()).isEqualTo(12);
  }

  @Test
  void whoIsNotKnownIsNotToldApart() {
    assertThat(most(Optional.empty(), 80)).isEqualTo(12);
    places.release(Optional.empty(), 12, 960);
    places.take(6, 6);
    assertThat(most(ONE, 1)).isEqualTo(3);
  }

  @Test
  void whatNeverFitsIsToldSo() {
    assertThatThrownBy(() -> places.reserve(ONE, 13, 1))
        .hasMessage("13 uploads at once are over the limit of 12 that may wait in the background");
    assertThatThrownBy(() -> places.reserve(ONE, 1, 1001))
        .hasMessage(
            "Uploads of 1001 bytes at once are over the limit of 1000 bytes that may wait in the"
                + " background");
    assertThat(places.uploads()).isZero();
  }
}
