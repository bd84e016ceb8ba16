package dev.murmuration.evaluator;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.Pipeline;
import ai.djl.translate.TranslateException;
import dev.murmuration.student.Student;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** The benchmark's peer: the way that DJL's documentation shows to classify images, on the very model that the student runs. */
final class StockTranslator {

    private static final List<String> CLASSES = List.of("negative", "neutral", "positive");

    private final Model model;
    private final Pipeline pipeline;
    private final ImageClassificationTranslator translator;

    StockTranslator(Student student) throws ReflectiveOperationException {
        this.model = (Model) inside(inside(student, "program"), "model");
        float[] half = {.5f, .5f, .5f};
        int side = student.architecture().side();
        this.pipeline = new Pipeline(new Resize(side, side), new ToTensor(), new Normalize(half, half));
        this.translator = ImageClassificationTranslator.builder()
                .setPipeline(pipeline)
                .optSynset(CLASSES)
                .optApplySoftmax(false)
                .build();
    }

    /** The student keeps its model to itself; a peer on another model would compare nothing. */
    private static Object inside(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    /** Probabilities in the order of the classes. */
    List<float[]> predict(List<byte[]> photos, int batch) throws IOException, TranslateException {
        List<float[]> all = new ArrayList<>();
        try (Predictor<Image, Classifications> predictor = model.newPredictor(translator)) {
            for (int from = 0; from < photos.size(); from += batch) {
                List<Image> images = new ArrayList<>();
                for (byte[] photo : photos.subList(from, Math.min(photos.size(), from + batch))) {
                    images.add(ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(photo)));
                }
                for (Classifications said : predictor.batchPredict(images)) {
                    float[] probabilities = new float[CLASSES.size()];
                    for (int c = 0; c < CLASSES.size(); c++) {
                        probabilities[c] = (float) said.get(CLASSES.get(c)).getProbability();
                    }
                    all.add(probabilities);
                }
            }
        }
        return all;
    }

    /** What it does before the model is asked. */
    void prepare(List<byte[]> photos) throws IOException {
        for (byte[] photo : photos) {
            try (NDManager scope = model.getNDManager().newSubManager()) {
                Image image = ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(photo));
                pipeline.transform(new NDList(image.toNDArray(scope, Image.Flag.COLOR)));
            }
        }
    }
}
