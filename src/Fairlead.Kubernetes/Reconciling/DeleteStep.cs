using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>Deletes an object that the snapshot has; one that is gone already counts as deleted.</summary>
public abstract record DeleteStep : ObjectStep
{
    private protected DeleteStep()
    {
    }

    public DeletePropagation Propagation { get; init; } = DeletePropagation.Background;

    /// <summary>
    /// Whether the object must be just as observed, for one whose content decides what else has to go first. A newer version
    /// ends the run; the next one sees it.
    /// </summary>
    public bool OnlyAsObserved { get; init; }

    /// <summary>
    /// For one that somebody else deletes sooner or later: where the right is missing, the step does nothing and the run goes on.
    /// </summary>
    public bool IfPermitted { get; init; }

    public override string Description => DescribeAs("delete");
}

/// <inheritdoc cref="DeleteStep"/>
/// <param name="Observed">Only the very object seen is deleted, not a later one of its name.</param>
public sealed record DeleteStep<T>(ResourceType<T> Type, T Observed) : DeleteStep
    where T : class, IKubernetesObject
{
    public override string Kind => Type.Kind;

    public override ObjectKey Key => new(Observed.Metadata.Namespace ?? "", Observed.Metadata.Name ?? "");

    internal override ValueTask ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        context.DeleteAsync(this, cancellationToken);
}
