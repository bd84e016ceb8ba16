package dev.murmuration.crawler.robots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Among them the examples of draft-ietf-aipref-vocab-08. */
class ContentUsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train-ai=n|true",
                "train-ai=y|false",
                "train-ai=y, search=n|false",
                "search=n|false",
                "train-ai;allow=n, train-ai=y|false",
                "train-ai=n;until=2030|true",
                "train-ai=y, train-ai=n|true",
                "train-ai=y, train-ai, search=n, search=\"n\"|false",
                "train-ai=\"n\"|false",
                "train-ai|false",
                "Train-AI=n|false",
                "train-ai=n, =|false",
                "bots=n|true",
                "bots=n, train-ai=y|false",
                "all=n|true",
                "''|false"
            })
    void theMostSpecificPreferenceDecides(String field, boolean disallowed) {
        assertThat(ContentUsage.disallows(field, List.of("train-ai", "bots", "all")))
                .isEqualTo(disallowed);
    }
}
