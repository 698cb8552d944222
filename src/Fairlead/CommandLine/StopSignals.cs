using System.Runtime.InteropServices;

namespace Fairlead.CommandLine;

/// <summary>Turns the first SIGINT or SIGTERM into a request to stop; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        // The runtime would otherwise end the process before anything could be closed.
        signal.Cancel = true;
        _stopping.Cancel();
    }
}
