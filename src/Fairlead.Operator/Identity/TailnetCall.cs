using Fairlead.Kubernetes.Reconciling;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>
/// What a plan asks of a tailnet. A plan only describes it; <see cref="TailnetCalls"/> has it made with the client of the tailnet it is for.
/// </summary>
public abstract record TailnetCall : ExternalCall
{
    /// <summary>Name of the Tailnet object whose tailnet is meant; empty: the operator's own.</summary>
    public string Tailnet { get; init; } = "";

    public sealed override string Identity => Tailnet.Length == 0 ? Purpose : $"{Purpose} on tailnet {Tailnet}";

    /// <summary>What is asked for and for whom, in words; equal for equal calls.</summary>
    protected abstract string Purpose { get; }

    /// <returns>What later steps may need, or null.</returns>
    internal abstract ValueTask<object?> MakeAsync(TailscaleClient client, CancellationToken cancellationToken);

    /// <summary>Takes back what the call returned, as nothing stores it.</summary>
    internal virtual ValueTask DiscardAsync(TailscaleClient client, object result, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
