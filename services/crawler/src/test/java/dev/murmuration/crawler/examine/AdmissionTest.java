package dev.murmuration.crawler.examine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

    private static final String SIX_WORDS = "one two three four five six";
    private final Admission admission = new Admission(Set.of("en"), 5, Set.of(Preference.NOINDEX, Preference.NOBOT));

    @Test
    void admitsSixEnglishWordsAndAPhoto() {
        assertThat(admission.refuse(post("en", "", SIX_WORDS, List.of("a.jpg"))))
                .isEmpty();
    }

    // Each row breaks all rules from some point on: the first one broken is the reason.
    @ParameterizedTest
    @CsvSource({
        "und, retweeted, one two three four five, false, not-english",
        "'', retweeted, one two three four five, false, not-english",
        "EN, quoted, one two three four five, false, not-english",
        "en, quoted, one two three four five, false, referenced",
        "en, '', one two three four five, false, too-few-words",
        "en, '', '', true, too-few-words",
        "en, '', one two three four five six, false, no-photo"
    })
    void namesTheFirstRuleThatFails(String lang, String reference, String text, boolean photo, String reason) {
        assertThat(admission.refuse(post(lang, reference, text, photo ? List.of("a.jpg") : List.of())))
                .get()
                .extracting(Admission.Refused::reason)
                .isEqualTo(reason);
    }

    @Test
    void languagesAndWordCountAreSettings() {
        Admission wide = new Admission(Set.of("en", "it"), 0, Set.of());

        assertThat(wide.refuse(post("it", "", "ciao", List.of("a.jpg")))).isEmpty();
        assertThat(wide.refuse(post("it", "", "!!!", List.of("a.jpg")))).isPresent();
    }

    @Test
    void theDetailHoldsNoControlCharactersOfTheSender() {
        assertThat(admission.refuse(post("e\u001b[31m\nn", "", SIX_WORDS, List.of())))
                .get()
                .extracting(Admission.Refused::detail)
                .isEqualTo("language 'e�[31m�n'");
    }

    @Test
    void refusesWhatItsAuthorSpeaksAgainstIfThatIsHonoured() {
        assertThat(admission.refuse(preferring(SIX_WORDS, Preference.NOBOT, Preference.NOINDEX)))
                .contains(new Admission.Refused("opted-out", "noindex"));
        assertThat(admission.refuse(preferring(SIX_WORDS, Preference.NOT_INDEXABLE, Preference.LABELS)))
                .isEmpty();
        assertThat(admission.refuse(preferring("too few", Preference.NOINDEX)))
                .get()
                .extracting(Admission.Refused::reason)
                .isEqualTo("too-few-words");
    }

    private static Post preferring(String text, Preference... preferences) {
        return new Post(
                "1",
                "7",
                "en",
                text,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                List.of("a.jpg"),
                Set.of(preferences));
    }

    static Post post(String lang, String reference, String text, List<String> photos) {
        return new Post(
                "1",
                "7",
                lang,
                text,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.of(reference).filter(r -> !r.isEmpty()),
                photos);
    }
}
