package dev.murmuration.crawler.examine;

import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import java.util.Optional;
import java.util.Set;

/**
 * Decides without the photos which posts are worth fetching photos for, by the rules of "The Emotions of the Crowd" (Serra et
 * al., ECAI 2023): English, a post of its own, more than five words, at least one photo; and by what its author prefers. Asked in
 * exactly this order; the first rule that fails is the reason.
 *
 * @param languages language codes that are admitted
 * @param moreThanWords a text needs more words than this
 * @param honoured preferences of authors that are honoured
 */
public record Admission(Set<String> languages, int moreThanWords, Set<Preference> honoured) {

    /** Why a post was refused as a whole. */
    public record Refused(String reason, String detail) {}

    static final String NOT_ENGLISH = "not-english";
    static final String REFERENCED = "referenced";
    static final String TOO_FEW_WORDS = "too-few-words";
    static final String NO_PHOTO = "no-photo";

    static final String OPTED_OUT = "opted-out";

    /** Copies the sets. */
    public Admission {
        languages = Set.copyOf(languages);
        honoured = Set.copyOf(honoured);
    }

    /** Why this post is refused; empty if it is admitted. */
    public Optional<Refused> refuse(Post post) {
        if (!languages.contains(post.lang())) {
            return refused(NOT_ENGLISH, "language '%s'".formatted(Plain.of(post.lang())));
        }
        if (post.reference().isPresent()) {
            return refused(REFERENCED, Plain.of(post.reference().get()));
        }
        int words = Words.count(post.text());
        if (words <= moreThanWords) {
            return refused(TOO_FEW_WORDS, "%d words, more than %d wanted".formatted(words, moreThanWords));
        }
        if (post.photos().isEmpty()) {
            return refused(NO_PHOTO, "no media of type photo");
        }
        return optedOut(post.preferences());
    }

    /** Why posts are refused whose authors have these preferences; empty if none of them is honoured. */
    public Optional<Refused> optedOut(Set<Preference> preferences) {
        return preferences.stream()
                .filter(honoured::contains)
                .sorted()
                .findFirst()
                .map(preference -> new Refused(OPTED_OUT, preference.wireName()));
    }

    /** Whether one of these preferences is honoured and is about all posts of its author: what came earlier is taken back. */
    public boolean withdraws(Set<Preference> preferences) {
        return preferences.stream().anyMatch(preference -> preference.isOfAccount() && honoured.contains(preference));
    }

    private static Optional<Refused> refused(String reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
