/** Tools beside the service: training the fast bundled model, and measuring any model on labelled texts. */
@NullMarked
package dev.murmuration.teacher.tool;

import org.jspecify.annotations.NullMarked;
