using System.CommandLine;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Proxies;

/// <summary><c>proxy</c>: what a managed proxy carries and adds, against access to the same server without it, measured in one run.</summary>
internal static class ProxyCommand
{
    public static Command Create(Option<string?> results)
    {
        IMeasurement[] measurements = [new ForwardedStream(), new ServedHttp("http1"), new ServedHttp("http2"), new ServedWebSockets()];
        var command = MeasurementCommand.Create("proxy", "Throughput, added latency and memory of managed proxies.", "Managed proxy", measurements, results);
        command.Subcommands.Add(BackendProcess.CreateCommand());
        return command;
    }
}
