using System.Text;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>What is known of one replica's auth key and device, from the Secret that holds the key and the one that the replica writes.</summary>
public sealed record ReplicaKey
{
    /// <summary>Key of a replica's state by which it asks for another auth key. Its value is the key that failed, which may be empty. Wire contract.</summary>
    public const string RequestKey = "reissue_authkey";

    /// <summary>The Secret from which the replica takes its key.</summary>
    public required ObjectKey Store { get; init; }

    /// <summary>Whether that Secret exists; it is made with a key in it.</summary>
    public required bool IsStored { get; init; }

    /// <summary>The key it holds; null: none.</summary>
    public SecretText? Key { get; init; }

    /// <summary>The replica's device; null while none is registered.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The replica's request for another key; null: none.</summary>
    public ReissueRequest? Request { get; init; }

    /// <summary>The request in a replica's state.</summary>
    public static ReissueRequest? RequestIn(Secret? state) =>
        state?.Data is { } data && data.TryGetValue(RequestKey, out var failed)
            ? new ReissueRequest(failed.Length == 0 ? null : new SecretText(Encoding.UTF8.GetString(failed)))
            : null;
}
