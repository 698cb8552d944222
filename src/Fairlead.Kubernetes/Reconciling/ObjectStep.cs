using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>A step about one object of the cluster, with its type left open.</summary>
public abstract record ObjectStep : PlanStep
{
    private protected ObjectStep()
    {
    }

    public abstract string Kind { get; }

    public abstract ObjectKey Key { get; }

    private protected string DescribeAs(string verb) => $"{verb} {Kind} {Key}";

    internal abstract ValueTask ExecuteAsync(StepContext context, CancellationToken cancellationToken);
}
