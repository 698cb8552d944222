using Fairlead.Tailnet.Fuzzing;

namespace Fairlead.Tailnet.Tests.Fuzzing;

/// <summary>The runner finds what it is there to find.</summary>
public sealed class FuzzRunnerTests
{
    private static readonly FuzzOptions Options = new() { Iterations = 20_000, HangLimit = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public void A_crash_is_reported_with_the_smallest_input_found()
    {
        var report = FuzzRunner.Run(new Target(input => { if (input.Contains((byte)0xFF)) throw new FormatException("ff"); }), Options);

        var failure = Assert.Single(report.Failures);
        Assert.Equal(FuzzFailureKind.Crash, failure.Kind);
        Assert.Equal([0xFF], failure.Input);
        Assert.Contains("test: Crash on ff", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_does_not_end_is_reported()
    {
        using var forever = new ManualResetEventSlim();

        var report = FuzzRunner.Run(new Target(input => { if (input.Length > 4) forever.Wait(); }), Options);

        var failure = Assert.Single(report.Failures);
        Assert.Equal(FuzzFailureKind.Hang, failure.Kind);
        Assert.True(failure.Input.Length > 4);
        forever.Set();
    }

    [Fact]
    public void A_call_that_allocates_too_much_is_reported()
    {
        var report = FuzzRunner.Run(new Target(input => GC.KeepAlive(new byte[input.Length > 6 ? 8 << 20 : 1])), Options);

        Assert.Equal(FuzzFailureKind.Allocation, Assert.Single(report.Failures).Kind);
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        List<byte[]> first = [], second = [], other = [];

        FuzzRunner.Run(new Target(first.Add), Options with { Iterations = 100 });
        FuzzRunner.Run(new Target(second.Add), Options with { Iterations = 100 });
        FuzzRunner.Run(new Target(other.Add), Options with { Iterations = 100, Seed = 2 });

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal([1, 2, 3, 4], first[0]);
    }

    private sealed class Target(Action<byte[]> run) : IFuzzTarget
    {
        public string Name => "test";

        public IEnumerable<byte[]> Seeds => [[1, 2, 3, 4]];

        public void Run(ReadOnlySpan<byte> input) => run(input.ToArray());
    }
}
