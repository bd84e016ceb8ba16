package dev.murmuration.filter.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HashListTest {

    private static final String SHA256 = "00000000000000010000000000000002000000000000000300000000ffffffff";
    private static final String PDQ = "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22";

    @Test
    void readsColumnsByTheirNames() {
        assertThat(HashList.parse("pdqQuality,path,sha256,pdq\r\n77,images/1.jpg," + SHA256 + "," + PDQ + "\r\n\n"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.name()).isEqualTo("images/1.jpg");
                    assertThat(entry.hash().quality()).isEqualTo(77);
                    assertThat(entry.hash().sha256()).containsExactly(1, 2, 3, 0xffffffffL);
                    assertThat(entry.hash().pdq()[0]).isEqualTo(0xf8f8f0cce0f4e84dL);
                });
    }

    @Test
    void trustsNoMissingPdq() {
        assertThat(HashList.parse("sha256,pdq,pdqQuality,benchmark\n" + SHA256 + ",,,lost\n"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.name()).isEqualTo("lost");
                    assertThat(entry.hash().quality()).isZero();
                });
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> HashList.parse("")).hasMessageContaining("empty");
        assertThatThrownBy(() -> HashList.parse("sha256,pdq\n")).hasMessageContaining("no column pdqQuality");
        assertThatThrownBy(() -> HashList.parse("sha256,pdq,pdqQuality\n12,,\n"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("sha256");
        assertThatThrownBy(() -> HashList.parse("sha256,pdq,pdqQuality\n" + SHA256 + ",\n"))
                .hasMessageContaining("2 columns");
    }
}
