/**
 * The student: a Vision Transformer that the trainer and the evaluator must agree on bit for bit. Start with
 * {@link dev.murmuration.student.Student} for inference and {@link dev.murmuration.student.Training} for learning; both run the
 * program {@code vit.py} or {@code convnet.py}.
 */
@NullMarked
package dev.murmuration.student;

import org.jspecify.annotations.NullMarked;
