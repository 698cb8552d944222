using System.Diagnostics;

namespace Fairlead.Tailnet.Fuzzing;

/// <summary>Runs a target on many inputs and watches it from another thread.</summary>
public sealed class FuzzRunner
{
    // Cost of one failing call is a thrown exception; a thousand of them are a fraction of a second.
    private const int ShrinkAttempts = 1000;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly IFuzzTarget _target;
    private readonly FuzzOptions _options;
    private readonly Mutator _mutator;
    private readonly Action<FuzzReport>? _progress;
    private readonly Dictionary<string, FuzzFailure> _failures = [];
    private byte[] _current = [];
    private long _iteration;
    private long _started;

    private FuzzRunner(IFuzzTarget target, FuzzOptions options, Action<FuzzReport>? progress)
    {
        _target = target;
        _progress = progress;
        _options = options;
        _mutator = new Mutator(new Random(options.Seed), target.Seeds, options.MaxLength);
    }

    /// <summary>Runs to the end, or until something hangs: the thread of a hanging call is left behind.</summary>
    /// <param name="progress">Told every few seconds how far the run is; failures are told at its end.</param>
    public static FuzzReport Run(IFuzzTarget target, FuzzOptions options, Action<FuzzReport>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        return new FuzzRunner(target, options, progress).Watch();
    }

    /// <summary>Runs a target on one input.</summary>
    /// <returns>Null if all is well.</returns>
    public static FuzzFailure? Try(IFuzzTarget target, byte[] input)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        // Everything that comes out of a decoder is what is looked for here.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new FuzzFailure(target.Name, FuzzFailureKind.Crash, input, e.ToString());
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= target.AllocationLimit(input.Length)
            ? null
            : new FuzzFailure(target.Name, FuzzFailureKind.Allocation, input, $"allocated {allocated} bytes for {input.Length}");
    }

    private FuzzReport Watch()
    {
        var clock = Stopwatch.StartNew();
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        var thread = new Thread(Loop) { IsBackground = true, Name = $"fuzz {_target.Name}" };
        thread.Start();
        var told = TimeSpan.Zero;
        while (!thread.Join(LookInterval))
        {
            var iteration = Volatile.Read(ref _iteration);
            if (clock.Elapsed - told >= ProgressInterval)
            {
                told = clock.Elapsed;
                _progress?.Invoke(new FuzzReport(_target.Name, iteration, told, []));
            }

            var elapsed = Stopwatch.GetElapsedTime(Volatile.Read(ref _started));
            if (elapsed > _options.HangLimit && iteration == Volatile.Read(ref _iteration))
            {
                var hang = new FuzzFailure(_target.Name, FuzzFailureKind.Hang, [.. Volatile.Read(ref _current)], $"still running after {elapsed.TotalSeconds:F0} s");
                return new FuzzReport(_target.Name, iteration, clock.Elapsed, [hang]);
            }
        }

        return new FuzzReport(_target.Name, _iteration, clock.Elapsed, [.. _failures.Values]);
    }

    private void Loop()
    {
        while (_iteration < _options.Iterations && _failures.Count < _options.MaxFailures)
        {
            var input = _mutator.Next().ToArray();
            if (Attempt(input) is { } failure && !_failures.ContainsKey(KeyOf(failure)))
            {
                _failures[KeyOf(failure)] = Shrink(failure);
            }

            Volatile.Write(ref _iteration, _iteration + 1);
        }
    }

    private FuzzFailure? Attempt(byte[] input)
    {
        Volatile.Write(ref _current, input);
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        return Try(_target, input);
    }

    // Takes away halves, quarters, … down to single bytes, as long as the same failure stays.
    private FuzzFailure Shrink(FuzzFailure failure)
    {
        var attempts = 0;
        for (var run = failure.Input.Length / 2; run > 0; run /= 2)
        {
            for (var at = 0; at + run <= failure.Input.Length && attempts < ShrinkAttempts; attempts++)
            {
                byte[] shorter = [.. failure.Input.AsSpan(0, at), .. failure.Input.AsSpan(at + run)];
                if (Attempt(shorter) is { } same && KeyOf(same) == KeyOf(failure))
                {
                    failure = same;
                }
                else
                {
                    at += run;
                }
            }
        }

        return failure;
    }

    // Failures of one kind from one place are the same: the exception's type and where it was thrown.
    private static string KeyOf(FuzzFailure failure)
    {
        if (failure.Kind != FuzzFailureKind.Crash)
        {
            return failure.Kind.ToString();
        }

        var lines = failure.Detail.Split('\n');
        return lines[0].Split(':')[0] + lines.FirstOrDefault(line => line.Contains("   at Fairlead", StringComparison.Ordinal));
    }
}
