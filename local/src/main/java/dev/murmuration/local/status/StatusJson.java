package dev.murmuration.local.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Accuracy;

/** A {@link PipelineStatus} for programs. */
public final class StatusJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusJson() {}

    /** As one object; times are ISO 8601, lags in seconds. */
    public static ObjectNode of(PipelineStatus view) {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", view.at().toString()).put("broker", view.broker());
        ArrayNode stages = json.putArray("stages");
        for (StageStatus row : view.rows()) {
            ObjectNode stage = stages.addObject();
            stage.put("stage", row.stage())
                    .put("topic", row.topic())
                    .put("position", row.position())
                    .put("ratePerSecond", row.rate());
            if (!row.group().isEmpty()) {
                stage.put("group", row.group())
                        .put("lagRecords", row.waiting())
                        .put("lagSeconds", row.age().toMillis() / 1000.0)
                        .put("standingSeconds", row.standing().toMillis() / 1000.0);
            }
        }
        json.set("rejections", JSON.valueToTree(view.rejections()));
        ObjectNode shards = json.putObject("shards");
        view.shards()
                .forEach((name, each) ->
                        shards.putObject(name).put("count", each.count()).put("samples", each.samples()));
        json.put("complete", view.complete());
        json.set("deadLetters", JSON.valueToTree(view.deadLetters()));
        json.put("undecodable", view.undecodable());
        view.checkpoint()
                .ifPresent(checkpoint -> json.putObject("checkpoint")
                        .put("run", checkpoint.getRun())
                        .put("step", checkpoint.getStep())
                        .put("samplesSeen", checkpoint.getSamplesSeen())
                        .put("loss", checkpoint.getTrainLoss())
                        .put("createdAt", checkpoint.getCreatedAt().toString()));
        ArrayNode accuracies = json.putArray("accuracies");
        for (Accuracy accuracy : view.accuracies()) {
            accuracies
                    .addObject()
                    .put("benchmark", accuracy.getBenchmark())
                    .put("protocol", accuracy.getProtocol())
                    .put("samples", accuracy.getSamples())
                    .put("accuracy", accuracy.getAccuracy())
                    .put("low95", accuracy.getLow95())
                    .put("high95", accuracy.getHigh95())
                    .put("step", accuracy.getCheckpoint().getStep());
        }
        return json;
    }
}
