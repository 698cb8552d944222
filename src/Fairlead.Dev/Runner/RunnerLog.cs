using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Runner;

internal static partial class RunnerLog
{
    [LoggerMessage(1, LogLevel.Error, "Pod runner: the status of Pod {Namespace}/{Name} was refused")]
    public static partial void StatusRefused(ILogger logger, string @namespace, string name, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Pod runner: Pod {Namespace}/{Name} failed unexpectedly; its processes are ended")]
    public static partial void Failed(ILogger logger, string @namespace, string name, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Pod runner: Pod {Namespace}/{Name} was not bound to the node")]
    public static partial void NotBound(ILogger logger, string @namespace, string name, Exception exception);
}
