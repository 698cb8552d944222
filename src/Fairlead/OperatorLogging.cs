using Fairlead.Operator.Configuration;
using Microsoft.Extensions.Logging;

namespace Fairlead;

/// <summary>Log output of the long-running verbs: to standard error, one entry a line.</summary>
internal static class OperatorLogging
{
    public static void Configure(ILoggingBuilder builder, ProcessSettings process)
    {
        builder.SetMinimumLevel(process.LogLevel is "debug" or "dev" ? LogLevel.Debug : LogLevel.Information);
        builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (process.LogFormat == LogFormat.Json)
        {
            builder.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            builder.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
            });
        }
    }

    /// <summary>For the embedded parts, whose work is shown otherwise: only what went wrong.</summary>
    public static void Problems(ILoggingBuilder builder)
    {
        builder.SetMinimumLevel(LogLevel.Warning);
        builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddSimpleConsole(text => text.SingleLine = true);
    }
}
