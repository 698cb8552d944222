using System.Collections.Frozen;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// Why Kubernetes refuses to make Pods, in the words of its <c>FailedCreate</c> Events: quotas, PodSecurity and admission webhooks speak
/// there and nowhere else. One list serves all who ask within <see cref="Freshness"/>, as the API server reads every Event of the
/// namespace for it.
/// </summary>
public sealed class PodRefusals(OperatorSettings settings, KubernetesClient client, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private FrozenDictionary<string, string> _byOwner = FrozenDictionary<string, string>.Empty;
    private long? _readAt;

    /// <summary>The newest refusal about an object; null when there is none, or when the right to read Events is missing.</summary>
    /// <param name="ownerUid">UID of the StatefulSet whose Pod is refused.</param>
    public async ValueTask<string?> OfAsync(string ownerUid, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_readAt is not { } read || time.GetElapsedTime(read) >= Freshness)
            {
                _byOwner = await ReadAsync(cancellationToken).ConfigureAwait(false);
                _readAt = time.GetTimestamp();
            }

            return _byOwner.GetValueOrDefault(ownerUid);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<FrozenDictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var events = await client.For(KubernetesResources.Events).ListAllAsync(
                settings.Namespace, new ListOptions { FieldSelector = "reason=FailedCreate" }, cancellationToken).ConfigureAwait(false);
            return events.Items
                .Where(e => e.InvolvedObject?.Uid is not null)
                .GroupBy(e => e.InvolvedObject!.Uid!, StringComparer.Ordinal)
                .ToFrozenDictionary(about => about.Key, about => about.OrderByDescending(e => e.LastTimestamp).First().Message ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            // A convenience that older roles do not grant, and that must hold up no proxy: what was known stays until the next look.
            return _byOwner;
        }
    }
}
