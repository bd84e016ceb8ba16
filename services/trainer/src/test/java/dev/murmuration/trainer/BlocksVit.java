package dev.murmuration.trainer;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import dev.murmuration.student.network.Architecture;
import java.util.List;

/**
 * The same student written as DJL is meant to be used: blocks, its gradient collector and its AdamW. What the benchmark measures against.
 */
final class BlocksVit implements AutoCloseable {

    private final Model model;
    private final Trainer trainer;
    private final Architecture architecture;

    BlocksVit(Architecture a, Device device) {
        architecture = a;
        model = Model.newInstance("blocks-vit", device, "PyTorch");
        model.setBlock(network(a));
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss("loss", 1, -1, false, true))
                .optDevices(new Device[] {device})
                .optInitializer(new NormalInitializer(.02f), Parameter.Type.WEIGHT)
                .optInitializer(new NormalInitializer(.02f), Parameter.Type.OTHER)
                .optOptimizer(Optimizer.adamW()
                        .optLearningRateTracker(Tracker.fixed(1e-4f))
                        .optWeightDecays(.05f)
                        .build()));
        trainer.initialize(new Shape(1, 3, a.side(), a.side()));
    }

    /** One step: forward, loss, backward, AdamW. */
    float step(float[] pixels, float[] targets) {
        int images = targets.length / Architecture.CLASSES;
        try (NDManager scope = trainer.getManager().newSubManager()) {
            NDArray x = scope.create(pixels, new Shape(images, 3, architecture.side(), architecture.side()));
            NDArray y = scope.create(targets, new Shape(images, Architecture.CLASSES));
            NDArray loss;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList logits = trainer.forward(new NDList(x));
                loss = trainer.getLoss().evaluate(new NDList(y), logits);
                loss.attach(scope);
                collector.backward(loss);
                logits.close();
            }
            trainer.step();
            return loss.getFloat();
        }
    }

    private static Block network(Architecture a) {
        SequentialBlock network = new SequentialBlock()
                .add(Conv2d.builder()
                        .setKernelShape(new Shape(a.patch(), a.patch()))
                        .optStride(new Shape(a.patch(), a.patch()))
                        .setFilters(a.dim())
                        .build())
                .add(lambda(x ->
                        x.reshape(x.getShape().get(0), a.dim(), a.patches()).transpose(0, 2, 1)))
                .add(new Embeddings(a));
        for (int layer = 0; layer < a.depth(); layer++) {
            network.add(residual(new SequentialBlock()
                            .add(LayerNorm.builder().axis(2).optEpsilon(1e-12f).build())
                            .add(new Attention(a))))
                    .add(residual(new SequentialBlock()
                            .add(LayerNorm.builder().axis(2).optEpsilon(1e-12f).build())
                            .add(Linear.builder().setUnits(a.hidden()).build())
                            .add(Activation::gelu)
                            .add(Linear.builder().setUnits(a.dim()).build())));
        }
        return network.add(lambda(x -> x.get(new NDIndex(":, 0"))))
                .add(LayerNorm.builder().axis(1).optEpsilon(1e-12f).build())
                .add(Linear.builder().setUnits(Architecture.CLASSES).build());
    }

    private static Block residual(Block branch) {
        return new ParallelBlock(
                outputs -> new NDList(
                        outputs.get(0).singletonOrThrow().add(outputs.get(1).singletonOrThrow())),
                List.of(Blocks.identityBlock(), branch));
    }

    private static Block lambda(java.util.function.UnaryOperator<NDArray> function) {
        return new LambdaBlock(list -> new NDList(function.apply(list.singletonOrThrow())));
    }

    /** Class token and positions. */
    private static final class Embeddings extends AbstractBlock {
        private final Parameter token;
        private final Parameter positions;

        Embeddings(Architecture a) {
            token = addParameter(Parameter.builder()
                    .setName("token")
                    .setType(Parameter.Type.OTHER)
                    .optShape(new Shape(1, 1, a.dim()))
                    .build());
            positions = addParameter(Parameter.builder()
                    .setName("positions")
                    .setType(Parameter.Type.OTHER)
                    .optShape(new Shape(1, a.patches() + 1, a.dim()))
                    .build());
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            NDArray x = inputs.singletonOrThrow();
            NDArray first = store.getValue(token, x.getDevice(), training)
                    .broadcast(new Shape(x.getShape().get(0), 1, x.getShape().get(2)));
            // What comes of a parameter lives as long as the model, and so would all that comes of it: 600 MB a step.
            first.attach(x.getManager());
            NDArray all = first.concat(x, 1);
            return new NDList(all.add(store.getValue(positions, x.getDevice(), training)));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(1) + 1, inputs[0].get(2))};
        }
    }

    /** Multi-head attention over one projection to queries, keys and values. */
    private static final class Attention extends AbstractBlock {
        private final Architecture a;
        private final Block projectIn;
        private final Block projectOut;

        Attention(Architecture a) {
            this.a = a;
            projectIn =
                    addChildBlock("in", Linear.builder().setUnits(3L * a.dim()).build());
            projectOut = addChildBlock("out", Linear.builder().setUnits(a.dim()).build());
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            Shape shape = inputs.singletonOrThrow().getShape();
            long images = shape.get(0);
            long tokens = shape.get(1);
            long width = a.dim() / a.heads();
            NDArray all = projectIn
                    .forward(store, inputs, training)
                    .singletonOrThrow()
                    .reshape(images, tokens, 3, a.heads(), width)
                    .transpose(2, 0, 3, 1, 4);
            NDArray scores = all.get(0).matMul(all.get(1).transpose(0, 1, 3, 2)).mul(1 / Math.sqrt((double) width));
            NDArray mixed =
                    scores.softmax(-1).matMul(all.get(2)).transpose(0, 2, 1, 3).reshape(images, tokens, a.dim());
            return projectOut.forward(store, new NDList(mixed), training);
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputs) {
            projectIn.initialize(manager, dataType, inputs[0]);
            projectOut.initialize(manager, dataType, inputs[0]);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return inputs;
        }
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
