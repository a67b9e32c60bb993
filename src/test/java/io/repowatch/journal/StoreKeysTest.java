package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreKeysTest {

    @Test
    void everyKeyIsCalledByWhatItHolds() {
        assertThat(StoreKeys.describe(StoreKeys.head())).isEqualTo("the head record");
        assertThat(StoreKeys.describe(StoreKeys.change(7))).isEqualTo("the change record of position 7");
        assertThat(StoreKeys.describe(StoreKeys.event(A, 0))).isEqualTo("event number 1 of stream " + A);
        assertThat(StoreKeys.describe(StoreKeys.place(A, vid(3))))
                .isEqualTo("the index entry of event " + vid(3) + " of stream " + A);
        assertThat(StoreKeys.describe(StoreKeys.tail(A))).isEqualTo("the tail record of stream " + A);
        assertThat(StoreKeys.describe(StoreKeys.tails((byte) 3))).isEqualTo("the tail records");
    }

    @Test
    void keysOfFormatOneAreTheseForEver() {
        String stream = "030000000000000001fffffffffffffffe";
        assertThat(HexFormat.of().formatHex(StoreKeys.head())).isEqualTo("68");
        assertThat(HexFormat.of().formatHex(StoreKeys.change(258))).isEqualTo("630000000000000102");
        assertThat(HexFormat.of().formatHex(StoreKeys.event(A, 5))).isEqualTo("65" + stream + "0000000000000005");
        assertThat(HexFormat.of().formatHex(StoreKeys.place(A, vid(1))))
                .isEqualTo("70" + stream + "0000000000010000ffffffffffffffff");
        assertThat(HexFormat.of().formatHex(StoreKeys.tail(A))).isEqualTo("74" + stream);
    }

    @Test
    void orderOfKeysIsTheOrderOfPlacesAndPositions() {
        assertThat(List.of(
                        StoreKeys.change(0),
                        StoreKeys.change(255),
                        StoreKeys.change(256),
                        StoreKeys.change(Long.MAX_VALUE),
                        StoreKeys.changesEnd(),
                        StoreKeys.event(A, 0),
                        StoreKeys.event(A, 300),
                        StoreKeys.event(Samples.B, 1)))
                .isSortedAccordingTo(Arrays::compareUnsigned);
    }
}
