using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

internal static partial class ControllerLog
{
    [LoggerMessage(1, LogLevel.Error, "Embedded cluster: {Controller} failed on {Object}; it will try again")]
    public static partial void Failed(ILogger logger, string controller, ObjectId @object, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Embedded cluster: what follows {Plural} failed on a change; their watch starts anew")]
    public static partial void WatchFailed(ILogger logger, string plural, Exception exception);
}
