using System.Text.RegularExpressions;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary><c>matches</c>, and Kubernetes' <c>find</c> and <c>findAll</c>.</summary>
internal static class RegexLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Either("matches", [CelKind.String, CelKind.String], CelType.Bool, a => With(a, (regex, text) => CelValue.Of(regex.IsMatch(text))));
        table.Member("find", [CelKind.String, CelKind.String], CelType.String, a => With(a, (regex, text) => new CelString(regex.Match(text).Value)));
        table.Member("findAll", [CelKind.String, CelKind.String], CelType.ListOf(CelType.String), a => With(a, (regex, text) => FindAll(regex, text, -1)));
        table.Member("findAll", [CelKind.String, CelKind.String, Int], CelType.ListOf(CelType.String), a => With(a, (regex, text) => FindAll(regex, text, a.Int(2))));
    }

    private static CelValue With(CelArguments arguments, Func<Regex, string, CelValue> use)
    {
        var pattern = arguments.Evaluation.Patterns.Get(arguments.Text(1));
        return pattern.Regex is null ? CelError.Invalid(pattern.Error!) : use(pattern.Regex, arguments.Text(0));
    }

    private static CelList FindAll(Regex regex, string text, long limit)
    {
        var found = new List<CelValue>();
        for (var match = regex.Match(text); match.Success && (limit < 0 || found.Count < limit); match = match.NextMatch())
            found.Add(new CelString(match.Value));
        return new CelList(found);
    }
}
