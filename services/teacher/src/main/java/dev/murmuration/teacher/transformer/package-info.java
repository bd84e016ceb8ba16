/** RoBERTa and XLM-RoBERTa as sequence classifiers: tokens, batches by length, and the model program. */
@NullMarked
package dev.murmuration.teacher.transformer;

import org.jspecify.annotations.NullMarked;
