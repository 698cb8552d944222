using Fairlead.Kubernetes.Reconciling;
using Fairlead.Tailscale.Errors;

namespace Fairlead.Operator.Identity;

/// <summary>Carries out what plans ask of tailnets.</summary>
public sealed class TailnetCalls(ITailnetClients tailnets) : IExternalCallHandler
{
    public ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken)
    {
        var asked = Asked(call);
        return asked.MakeAsync(tailnets.For(asked.Tailnet), cancellationToken);
    }

    public ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken)
    {
        var asked = Asked(call);
        return asked.DiscardAsync(tailnets.For(asked.Tailnet), result, cancellationToken);
    }

    public TimeSpan? RetryAfter(Exception failure) => (failure as TailscaleApiException)?.RetryAfter;

    private static TailnetCall Asked(ExternalCall call) =>
        call as TailnetCall ?? throw new InvalidOperationException($"No way to carry out a {call.GetType().Name}.");
}
