using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>What files hold that others renew, such as a kubelet or a certificate manager. The same object until the text changes.</summary>
internal sealed partial class RenewableContent<T>
    where T : class
{
    // Certificates are renewed long before they end; a server that refuses one is asked with the files' content of that moment.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Func<string>? _read;
    private readonly Func<string, T>? _parse;
    private readonly TimeProvider _time;
    private readonly ILogger? _logger;
    private string _text = "";
    private T _current;
    private long _checked;

    /// <summary>Content that stays as it is.</summary>
    public RenewableContent(T value)
    {
        _current = value;
        _time = TimeProvider.System;
    }

    /// <summary>Reads for the first time; what is thrown then goes to the caller. Later failures are logged, and the content stays.</summary>
    /// <param name="read">Gives the text of all files that belong together.</param>
    public RenewableContent(Func<string> read, Func<string, T> parse, ClusterConfigurationOptions options)
    {
        (_read, _parse, _time, _logger) = (read, parse, options.TimeProvider, options.Logger);
        _text = read();
        _current = parse(_text);
        _checked = _time.GetTimestamp();
    }

    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (_read is not null && _time.GetElapsedTime(_checked) >= CheckInterval)
                {
                    _checked = _time.GetTimestamp();
                    Renew();
                }

                return _current;
            }
        }
    }

    /// <summary>Has the files looked at again at once.</summary>
    public void Expire()
    {
        lock (_lock)
            _checked = _time.GetTimestamp() - (long)(CheckInterval.TotalSeconds * _time.TimestampFrequency);
    }

    private void Renew()
    {
        try
        {
            var text = _read!();
            if (text == _text)
                return;

            _current = _parse!(text);
            _text = text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or KubeconfigException)
        {
            // Files that are being replaced may be away, or not belong together, for a moment.
            LogUnreadable(_logger!, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Renewed certificates cannot be used ({Reason}); the last ones stay in use")]
    private static partial void LogUnreadable(ILogger logger, string reason);
}
