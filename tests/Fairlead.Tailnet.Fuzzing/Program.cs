using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fairlead.Tailnet.Fuzzing;

var iterations = new Option<long>("--iterations") { Description = "Inputs per target.", DefaultValueFactory = _ => new FuzzOptions().Iterations };
var seed = new Option<int>("--seed") { Description = "The same seed gives the same inputs.", DefaultValueFactory = _ => new FuzzOptions().Seed };
var names = new Option<string[]>("--target") { Description = "Name of a target, or its beginning; all if none is given." };
var replay = new Option<string?>("--input") { Description = "One input, as hexadecimal digits, to run the target on." };
var root = new RootCommand("Feeds the tailnet's decoders with damaged input.") { iterations, seed, names, replay };
root.SetAction(parsed =>
{
    var wanted = parsed.GetValue(names) ?? [];
    var targets = FuzzTargets.All
        .Where(target => wanted.Length == 0 || wanted.Any(name => target.Name.StartsWith(name, StringComparison.Ordinal)))
        .ToList();
    if (targets.Count == 0)
    {
        Console.Error.WriteLine($"No target begins with {string.Join(" or ", wanted)}. There are: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}");
        return 2;
    }

    if (parsed.GetValue(replay) is { } hex)
    {
        var failures = targets.Select(target => FuzzRunner.Try(target, Convert.FromHexString(hex))).OfType<FuzzFailure>().ToList();
        failures.ForEach(Console.WriteLine);
        return failures.Count == 0 ? 0 : 1;
    }

    var options = new FuzzOptions { Iterations = parsed.GetValue(iterations), Seed = parsed.GetValue(seed) };
    var failed = 0;
    var (number, tried, clock) = (0, 0L, Stopwatch.StartNew());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{targets.Count} targets, {options.Iterations} inputs each, seed {options.Seed}"));
    foreach (var target in targets)
    {
        number++;
        var report = FuzzRunner.Run(target, options, progress => Console.Error.WriteLine(Progress(number, targets.Count, progress, options)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{number,2}/{targets.Count} {report.Target,-20} {report.Iterations,10} inputs {report.Elapsed.TotalSeconds,7:F1} s {report.Failures.Count,3} failures"));
        foreach (var failure in report.Failures)
        {
            Console.WriteLine(failure);
        }

        failed += report.Failures.Count;
        tried += report.Iterations;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tried} inputs in {clock.Elapsed.TotalMinutes:F1} min, {failed} failures"));
    return failed == 0 ? 0 : 1;
});
return root.Parse(args).Invoke();

static string Progress(int number, int count, FuzzReport report, FuzzOptions options)
{
    var left = TimeSpan.FromSeconds(report.Elapsed.TotalSeconds * (options.Iterations - report.Iterations) / Math.Max(1, report.Iterations));
    return string.Create(
        CultureInfo.InvariantCulture,
        $"{number,2}/{count} {report.Target,-20} {100.0 * report.Iterations / options.Iterations,9:F0} % after {report.Elapsed.TotalSeconds:F0} s, about {left.TotalSeconds:F0} s left");
}
