namespace Fairlead.Proxy.State;

/// <summary>What a proxy tells of itself, where the operator reads it.</summary>
public interface IProxyState
{
    /// <summary>Sets values, and removes those that are null, in one write.</summary>
    Task WriteAsync(IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken);

    /// <summary>Sets one value.</summary>
    Task WriteAsync(string key, string? value, CancellationToken cancellationToken) =>
        WriteAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value }, cancellationToken);

    /// <summary>Drops the device's identity and all that is known of it: the next start registers a new one.</summary>
    Task ForgetDeviceAsync(CancellationToken cancellationToken);
}
