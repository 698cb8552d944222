using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.LocalApi;

namespace Fairlead.Proxy.Tailscaled.Status;

/// <summary>
/// Finds out that the control plane refuses the device. A daemon warns that logging in failed both when it was refused and when nobody
/// answered, and with a refused key its state may say nothing of it. Only a refusal is a reason to ask for another key: it is also told as an
/// error for people, in the same words, or names the HTTP status it came with.
/// </summary>
internal sealed class RefusalWatch
{
    /// <summary>How a daemon's error begins if the control plane answered with a status of the client's fault.</summary>
    private const string RefusedRequest = "register request: http 4";

    private string _lastError = "";
    private HealthWarning? _warning;

    /// <summary>Why the device is refused, for people; empty while it is not.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Why logging in fails, refused or not; empty while it does not.</summary>
    public string Trouble => _warning is null ? "" : Redaction.Apply(_warning.Text, []);

    /// <returns>Whether <see cref="Refusal"/> is another now.</returns>
    public bool Note(Notify notify)
    {
        if (notify.ErrMessage is { Length: > 0 } error)
        {
            _lastError = error;
        }

        if (notify.Health is { } health)
        {
            _warning = health.Warnings?.GetValueOrDefault(HealthWarning.LoginState);
        }

        var before = Refusal;
        Refusal = IsRefusal() ? $"{Trouble} ({HealthWarning.LoginState})" : "";
        return Refusal != before;
    }

    private bool IsRefusal()
    {
        if (_warning is null)
        {
            return false;
        }

        var cause = _warning.Args?.GetValueOrDefault("error") ?? _warning.Text;
        return (_lastError.Length > 0 && cause.Contains(_lastError, StringComparison.Ordinal)) || cause.Contains(RefusedRequest, StringComparison.Ordinal);
    }
}
