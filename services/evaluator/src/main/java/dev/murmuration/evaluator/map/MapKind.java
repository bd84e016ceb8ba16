package dev.murmuration.evaluator.map;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Kinds of maps. */
public enum MapKind {
    /** Loss of class probability when a patch is hidden. */
    OCCLUSION,
    /** Class probabilities of each window alone. */
    WINDOW,
    /** Attention rollout: how much each patch contributes to the input of the head. */
    ROLLOUT,
    /** Class probabilities of each patch by the head itself, of a student whose head reads the mean of its patches. */
    PATCHES,
    /**
     * Class probabilities of each part by the fully convolutional form of a convolutional network, as Campos et al. (2017) published them.
     */
    CONVOLUTION;

    /** Its name on the command line and in requests. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name; empty if there is none. */
    public static Optional<MapKind> titled(String title) {
        return Arrays.stream(values())
                .filter(kind -> kind.title().equals(title))
                .findFirst();
    }

    /** Every kind's name, for messages. */
    public static String titles() {
        return Arrays.stream(values()).map(MapKind::title).collect(Collectors.joining(", "));
    }
}
