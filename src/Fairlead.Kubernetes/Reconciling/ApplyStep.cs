using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Makes an object look as desired, by server-side apply of just the desired fields. Nothing is sent when the observed object
/// has them already.
/// </summary>
public abstract record ApplyStep : ObjectStep
{
    private protected ApplyStep()
    {
    }

    /// <summary>Slot of the external call whose result this object stores; see <see cref="ExternalCall.Identity"/>.</summary>
    public string? Stores { get; init; }

    /// <summary>
    /// Parts of the object that hold nothing but the desired fields and what the server fills in, for example <c>/spec</c>
    /// and <c>/metadata/labels</c>: whatever else appears there is taken out again. Elsewhere foreign fields stay.
    /// </summary>
    public ImmutableArray<string> ExclusivePaths { get; init; } = [];

    /// <summary>The desired object as JSON, as it would be sent.</summary>
    public abstract JsonElement Render(StepResults results);

    /// <summary>Whether the API server, not a cache, has the object with the result of an external call in it.</summary>
    internal abstract ValueTask<bool> IsStoredAsync(object result, KubernetesClient client, CancellationToken cancellationToken);
}

/// <inheritdoc cref="ApplyStep"/>
/// <param name="Type">How the object is addressed and written.</param>
/// <param name="Target">Identity of the object, known before its content is.</param>
/// <param name="Desired">Builds the desired fields from the results of earlier calls.</param>
/// <param name="Observed">The object as the snapshot has it; null when there is none.</param>
public sealed record ApplyStep<T>(ResourceType<T> Type, ObjectKey Target, Func<StepResults, T> Desired, T? Observed) : ApplyStep
    where T : class, IKubernetesObject
{
    /// <summary>
    /// Whether an object of the cluster holds the result that <see cref="ApplyStep.Stores"/> names. Tells a write whose answer got
    /// lost from one that never happened; without it, every object of the name counts as holding it.
    /// </summary>
    public Func<T, object, bool>? Holds { get; init; }

    public override string Kind => Type.Kind;

    public override ObjectKey Key => Target;

    public override string Description => DescribeAs("apply");

    public override JsonElement Render(StepResults results) => JsonSerializer.SerializeToElement(Desired(results), Type.Json);

    internal override async ValueTask<bool> IsStoredAsync(object result, KubernetesClient client, CancellationToken cancellationToken) =>
        await client.For(Type).TryGetAsync(Target, cancellationToken).ConfigureAwait(false) is { } present
        && Holds?.Invoke(present, result) != false;

    internal override ValueTask ExecuteAsync(StepContext context, CancellationToken cancellationToken) =>
        context.ApplyAsync(this, cancellationToken);
}
