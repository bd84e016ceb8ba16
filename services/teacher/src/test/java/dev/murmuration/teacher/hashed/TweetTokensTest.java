package dev.murmuration.teacher.hashed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TweetTokensTest {

    @Test
    void keepsWordsEmoticonsAndRunsOfPunctuationWhole() {
        assertThat(TweetTokens.of("@user I can't believe it!!! #so_happy :D ;-) \ud83d\ude00\ud83d\ude00 :Dog"))
                .containsExactly(
                        "@user",
                        "I",
                        "can't",
                        "believe",
                        "it",
                        "!!!",
                        "#so_happy",
                        ":D",
                        ";-)",
                        "\ud83d\ude00",
                        "\ud83d\ude00",
                        ":",
                        "Dog");
    }

    @Test
    void readsEntitiesEscapesAndCurlyQuotesAsWhatTheyStandFor() {
        assertThat(TweetTokens.of("you &amp; me, it\u2019s \\u201cfine\\u201d &lt;3"))
                .containsExactly("you", "&", "me", ",", "it's", "\"", "fine", "\"", "<", "3");
    }

    @Test
    void findsNothingInWhiteSpace() {
        assertThat(TweetTokens.of(" \t\n")).isEmpty();
    }

    @Test
    void takesLoneSurrogatesAndControlCharactersAsTheyCome() {
        assertThat(TweetTokens.of("a\ud83d\u0000b\udc00")).containsExactly("a", "\ud83d", "\u0000", "b", "\udc00");
    }

    @Test
    void endsAtSigilsWithoutAWord() {
        assertThat(TweetTokens.of("# @ #1 #")).containsExactly("#", "@", "#1", "#");
    }
}
