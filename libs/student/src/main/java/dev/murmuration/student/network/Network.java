package dev.murmuration.student.network;

import java.util.List;

/**
 * The shape of a network that sorts photos into negative, neutral and positive. All of them keep their weights in one vector and
 * share the training code.
 */
public sealed interface Network permits Architecture, ConvNet, EfficientNet {

    /** Its name in configuration and checkpoints. */
    String name();

    /** Width and height of its images in pixels. */
    int side();

    /** Number of values of one image, (3, side, side). */
    default int pixels() {
        return Architecture.CHANNELS * side() * side();
    }

    /** Width and height in pixels of a patch, or of a cell of the last grid of a convolutional network. */
    int cell();

    /** Number of branches that stochastic depth can drop. */
    int branches();

    /** The initial weights if no others are configured. */
    default String beginning() {
        return "random weights";
    }

    /** All weights in the order of the one vector that the program keeps them in. */
    List<Weight> weights();

    /** Length of the vector of all weights. */
    default int weightCount() {
        Weight last = weights().getLast();
        return Math.addExact(last.offset(), last.length());
    }

    /**
     * The network of a name: a ViT as {@link Architecture#named} knows it, a convolutional network of the predecessors as
     * {@link ConvNet#named} does, or an {@link EfficientNet}.
     *
     * @throws IllegalArgumentException if there is no such network
     */
    static Network named(String name) {
        if (EfficientNet.isName(name)) {
            return EfficientNet.named(name);
        }
        return ConvNet.isName(name) ? ConvNet.named(name) : Architecture.named(name);
    }
}
