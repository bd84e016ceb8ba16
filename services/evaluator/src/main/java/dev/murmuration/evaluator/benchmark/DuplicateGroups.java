package dev.murmuration.evaluator.benchmark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Groups the rows of a benchmark that show the same photo: the same path, the same bytes, or the same media id in names as the
 * Twitter Testing Dataset has them ({@code <user>_<tweet>_<media>.jpg}; a photo that was tweeted again has another user and tweet
 * and the same media). A duplicate of a training photo in the test fold leaks its label.
 */
public final class DuplicateGroups {

    private static final Pattern MEDIA = Pattern.compile("(?:.*/)?\\d+_\\d+_([\\w-]+)\\.\\w+");

    private final int[] first;

    private DuplicateGroups(int[] first) {
        this.first = first;
    }

    /** Groups these photos. */
    public static DuplicateGroups of(List<Benchmark.Photo> photos) {
        int[] first = new int[photos.size()];
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < first.length; i++) {
            first[i] = i;
            for (String identity : identities(photos.get(i))) {
                Integer earlier = seen.putIfAbsent(identity, i);
                if (earlier != null) {
                    join(first, earlier, i);
                }
            }
        }
        for (int i = 0; i < first.length; i++) {
            first[i] = root(first, i);
        }
        return new DuplicateGroups(first);
    }

    /** For each row, the first row with the same photo. */
    public int[] first() {
        return first.clone();
    }

    /** Rows with the photo of an earlier row, in order. */
    List<Integer> repeated() {
        List<Integer> repeated = new ArrayList<>();
        for (int i = 0; i < first.length; i++) {
            if (first[i] != i) {
                repeated.add(i);
            }
        }
        return repeated;
    }

    private static List<String> identities(Benchmark.Photo photo) {
        List<String> identities = new ArrayList<>();
        identities.add("path " + photo.path());
        photo.sha256().ifPresent(sha256 -> identities.add("bytes " + sha256));
        Matcher media = MEDIA.matcher(photo.path());
        if (media.matches()) {
            identities.add("media " + media.group(1));
        }
        return identities;
    }

    private static void join(int[] first, int a, int b) {
        int rootA = root(first, a);
        int rootB = root(first, b);
        first[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }

    private static int root(int[] first, int i) {
        int at = i;
        while (first[at] != at) {
            at = first[at];
        }
        return at;
    }
}
