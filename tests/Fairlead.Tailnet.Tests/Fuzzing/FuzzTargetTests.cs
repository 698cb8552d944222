using Fairlead.Tailnet.Fuzzing;

namespace Fairlead.Tailnet.Tests.Fuzzing;

/// <summary>A short slice of every fuzz target; <c>./fairlead fuzz</c> runs them for long.</summary>
public sealed class FuzzTargetTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Damaged_input_does_no_harm(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);

        var report = FuzzRunner.Run(target, new FuzzOptions { Iterations = 2000 });

        Assert.Empty(report.Failures);
        Assert.Equal(2000, report.Iterations);
    }
}
