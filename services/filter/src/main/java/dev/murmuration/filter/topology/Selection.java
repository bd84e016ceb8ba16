package dev.murmuration.filter.topology;

import dev.murmuration.filter.dataset.ClassCounts;
import dev.murmuration.filter.dataset.Confidence;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.Tweet;
import java.util.List;
import java.util.function.Function;

/** Which data sets take a photo, or why none does: a pure function of the photo, the photos accepted before it, and the rules. */
record Selection(DecisionRules rules) {

    /** The decision on one photo. */
    sealed interface Result {

        /** These data sets take it, at least one. */
        record Accepted(List<DataSet> by) implements Result {}

        /** No data set takes it. */
        record Rejected(RejectionReason why, String detail) implements Result {}
    }

    /**
     * Decides on a photo; changes nothing.
     *
     * @param before the photos accepted before
     * @param counts how many photos of each class a data set has, by its name
     */
    Result of(
            Tweet tweet,
            Confidence confidence,
            PhotoHash photo,
            NearDuplicates before,
            Function<String, ClassCounts> counts) {
        long takingFrom = rules.dataSets().takingFrom(tweet);
        long sure = takingFrom & rules.dataSets().sureOf(confidence);
        if (sure == 0) {
            // Thresholds are checked earlier too, but by the rules of before a restart.
            RejectionReason why = takingFrom == 0 ? RejectionReason.OTHER_SOURCE : RejectionReason.UNSURE;
            return new Result.Rejected(why, "no data set takes it any more");
        }
        NearDuplicates.Repeats repeats = before.find(photo, sure);
        long fresh = sure & ~repeats.sets();
        if (fresh == 0) {
            return new Result.Rejected(
                    RejectionReason.NEAR_DUPLICATE,
                    "repeats %s, PDQ distance %d".formatted(repeats.id(), repeats.distance()));
        }
        List<DataSet> taking = rules.dataSets().of(fresh).stream()
                .filter(set -> set.balance().accepts(counts.apply(set.name()), confidence.label()))
                .toList();
        return taking.isEmpty()
                ? new Result.Rejected(
                        RejectionReason.OVER_REPRESENTED,
                        "%s has enough %s photos"
                                .formatted(String.join(", ", rules.dataSets().names(fresh)), confidence.label()))
                : new Result.Accepted(taking);
    }
}
