package dev.murmuration.crawler.robots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsTagTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noai|true",
                "NoImageAI|true",
                "noindex, noai|true",
                "noindex, nofollow|false",
                "murmuration: noai|true",
                "otherbot: noai|false",
                "otherbot: noindex, noai|false",
                "otherbot: noindex, murmuration: noimageai|true",
                "unavailable_after: 25 Jun 2010 15:00:00 PST|false",
                "noaiplease|false",
                "''|false"
            })
    void obeysWhatIsSaidToUs(String header, boolean forbidden) {
        assertThat(RobotsTag.forbids(List.of(header), "murmuration", Set.of("noai", "noimageai")))
                .isEqualTo(forbidden);
    }
}
