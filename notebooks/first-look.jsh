// A first look at Credence, step by step, in the JDK's own shell.
//
// Run it all, from the root of the checkout, after ./credence demo has built everything:
//   jshell --class-path "app/target/classes:$(cat app/target/dependencies)" notebooks/first-look.jsh
// or start jshell with that class path and paste one step after the other.

import io.credence.*
import io.credence.models.*
import io.credence.models.data.*
import io.credence.tensorflow.*
import org.tensorflow.ndarray.*
import org.tensorflow.ndarray.buffer.DataBuffers

// Step 1: load a SavedModel. This one reads 32 × 32 pictures of house numbers and knows ten digits.
var bundled = BundledModel.streetDigits()
var engine = SavedModelEngine.load(bundled.folder())
System.out.println("inputs " + engine.describe().inputs() + ", output " + engine.describe().output())
engine.describe().sites().forEach(site -> System.out.println("dropout " + site.rate().orElseThrow() + " at " + site.name()))

// Step 2: ten pictures of a digit, ten of none, with values 0–1 as in training.
var street = StreetDigits.of(3)
var digits = new float[10 * Picture.VALUES]
var others = new float[10 * Picture.VALUES]
for (int i = 0; i < 10; i++) {
  street.digit(i).copyTo(digits, i * Picture.VALUES, 1f / 255);
  street.noDigit(i).copyTo(others, i * Picture.VALUES, 1f / 255);
}
var shape = Shape.of(10, 32, 32, 3)

// Step 3: fifty networks look at them. Information is in nats.
var known = engine.classify(NdArrays.wrap(shape, DataBuffers.of(digits)), SamplingPlan.of(50))
var unknown = engine.classify(NdArrays.wrap(shape, DataBuffers.of(others)), SamplingPlan.of(50))
System.out.println("digits")
known.summaries().forEach(System.out::println)
System.out.println("no digits")
unknown.summaries().forEach(System.out::println)

// Step 4: the classic mistake. The same digits as 0–255: the engine says what is wrong.
for (int i = 0; i < digits.length; i++) { digits[i] *= 255; }
var wrong = engine.classify(NdArrays.wrap(shape, DataBuffers.of(digits)), SamplingPlan.of(50))
wrong.warnings().forEach(System.out::println)

// Step 5: free the native memory.
engine.close()
bundled.close()
/exit
