using System.Globalization;

namespace Fairlead.Dev.Cluster.Tables;

/// <summary>Ages as kubectl prints them: <c>45s</c>, <c>3m10s</c>, <c>25m</c>, <c>5h20m</c>, <c>3d4h</c>, <c>12d</c>, <c>2y10d</c>.</summary>
public static class HumanDuration
{
    public static string Format(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / 24;
        FormattableString text = 0 switch
        {
            _ when seconds < -1 => $"<invalid>",
            _ when seconds < 0 => $"0s",
            _ when seconds < 120 => $"{seconds}s",
            _ when minutes < 10 && seconds % 60 == 0 => $"{minutes}m",
            _ when minutes < 10 => $"{minutes}m{seconds % 60}s",
            _ when minutes < 180 => $"{minutes}m",
            _ when hours < 8 && minutes % 60 == 0 => $"{hours}h",
            _ when hours < 8 => $"{hours}h{minutes % 60}m",
            _ when hours < 48 => $"{hours}h",
            _ when hours < 192 && hours % 24 == 0 => $"{days}d",
            _ when hours < 192 => $"{days}d{hours % 24}h",
            _ when days < 730 => $"{days}d",
            _ when days < 2920 && days % 365 == 0 => $"{days / 365}y",
            _ when days < 2920 => $"{days / 365}y{days % 365}d",
            _ => $"{days / 365}y",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
