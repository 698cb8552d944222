using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.State;

/// <summary>
/// The Secret that a proxy keeps its device's state in, and tells the operator of itself by. Writes touch only the keys they name, whatever
/// else the Secret holds; concurrent ones do not undo each other.
/// </summary>
internal sealed class StateSecret(KubernetesClient client, ObjectKey key, SecretRights rights) : IProxyState
{
    /// <summary>Writes that met another's, or a Secret that is made or deleted meanwhile; each is tried on the newer Secret then.</summary>
    private const int Attempts = 5;

    /// <summary>Owner of the fields in the Secret's managed fields, as upstream's images have it.</summary>
    private static readonly WriteOptions Options = new() { FieldManager = "tailscale-container" };

    public ObjectKey Key { get; } = key;

    public SecretRights Rights { get; } = rights;

    /// <summary>The values; none if there is no Secret yet.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancellationToken) =>
        (await client.For(KubernetesResources.Secrets).TryGetAsync(Key, cancellationToken).ConfigureAwait(false))?.Data ?? new Dictionary<string, byte[]>();

    /// <summary>
    /// Forgets what an earlier Pod wrote of itself and is not true of this one yet. The device's ID, name and addresses stay: they are the
    /// state's, not the Pod's.
    /// </summary>
    /// <param name="configuredKey">Auth key in the configuration file; one that differs from the refused one answers the wish for another.</param>
    public async Task ResetAsync(string podUid, string capabilityVersion, string configuredKey, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [StateKeys.CapabilityVersion] = capabilityVersion,
            [StateKeys.HttpsEndpoint] = null,
            [StateKeys.EgressServices] = null,
            [StateKeys.IngressConfig] = null,
        };
        if (podUid.Length > 0)
        {
            values[StateKeys.PodUid] = podUid;
        }

        var current = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (configuredKey.Length > 0
            && current.TryGetValue(StateKeys.ReissueAuthKey, out var refused)
            && Encoding.UTF8.GetString(refused) != configuredKey)
        {
            values[StateKeys.ReissueAuthKey] = null;
        }

        await WriteAsync(values, cancellationToken).ConfigureAwait(false);
    }

    public Task WriteAsync(IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken) =>
        WriteBytesAsync(
            values.ToDictionary(pair => pair.Key, pair => pair.Value is { } text ? Encoding.UTF8.GetBytes(text) : null, StringComparer.Ordinal), cancellationToken);

    public async Task ForgetDeviceAsync(CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [StateKeys.ReissueAuthKey] = null,
            [StateKeys.DeviceId] = null,
            [StateKeys.DeviceFqdn] = null,
            [StateKeys.DeviceIps] = null,
            [NodeStateKeys.MachineKey] = null,
            [NodeStateKeys.CurrentProfile] = null,
            [NodeStateKeys.Profiles] = null,
        };
        var current = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (current.TryGetValue(NodeStateKeys.CurrentProfile, out var profile) && profile.Length > 0)
        {
            values[Encoding.UTF8.GetString(profile)] = null;
        }

        await WriteAsync(values, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="WriteAsync"/>
    public async Task WriteBytesAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (Rights.Patch)
                {
                    await PatchAsync(values, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await ReplaceAsync(values, cancellationToken).ConfigureAwait(false);
                }

                return;
            }
            catch (KubernetesApiException e) when (e.IsNotFound && Rights.Create && attempt < Attempts)
            {
                if (await TryCreateAsync(values, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody else wrote between reading and writing.
            }
        }
    }

    private async Task PatchAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        var data = new JsonObject();
        foreach (var (name, value) in values)
        {
            data[name] = value is null ? null : Convert.ToBase64String(value);
        }

        await client.For(KubernetesResources.Secrets).PatchAsync(Key, Patch.Merge(new JsonObject { ["data"] = data }), Options, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        var secret = await client.For(KubernetesResources.Secrets).GetAsync(Key, cancellationToken).ConfigureAwait(false);
        var data = new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (value is null)
            {
                data.Remove(name);
            }
            else
            {
                data[name] = value;
            }
        }

        await client.For(KubernetesResources.Secrets).UpdateAsync(secret with { Data = data }, Options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TryCreateAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        try
        {
            await client.For(KubernetesResources.Secrets).CreateAsync(
                new Secret
                {
                    Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name },
                    Data = values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
                },
                Options,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            return false;
        }
    }
}
