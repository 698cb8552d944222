using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;

namespace Fairlead.Dev.Cluster.Selection;

/// <summary>
/// Reads the query syntax of label selectors: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>, <c>a in (b,c)</c>,
/// <c>a notin (b,c)</c>, <c>a</c>, <c>!a</c>, <c>a&gt;1</c>, <c>a&lt;1</c>, separated by commas.
/// </summary>
internal sealed class LabelSelectorParser
{
    private readonly string _text;
    private int _position;

    private LabelSelectorParser(string text) => _text = text;

    /// <exception cref="ApiStatusException">400 when the text is no selector.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? LabelSelector.Everything : new LabelSelectorParser(text).ParseAll();

    private LabelSelector ParseAll()
    {
        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
        do
            requirements.Add(ParseRequirement());
        while (TryTake(','));
        SkipSpace();
        if (_position < _text.Length)
            throw Error($"found '{_text[_position..]}', expected: ',' or end of string");
        return new LabelSelector(requirements.ToImmutable());
    }

    private LabelRequirement ParseRequirement()
    {
        if (TryTake('!'))
            return new LabelRequirement(ParseKey(), LabelOperator.DoesNotExist, []);
        var key = ParseKey();
        if (TryTake('='))
        {
            TryTake('=');
            return new LabelRequirement(key, LabelOperator.In, [ParseValue()]);
        }

        if (TryTake('!'))
            return TryTake('=')
                ? new LabelRequirement(key, LabelOperator.NotIn, [ParseValue()])
                : throw Error("found '!', expected: '!='");
        if (TryTake('>'))
            return new LabelRequirement(key, LabelOperator.GreaterThan, [ParseNumber()]);
        if (TryTake('<'))
            return new LabelRequirement(key, LabelOperator.LessThan, [ParseNumber()]);
        SkipSpace();
        if (_position == _text.Length || _text[_position] == ',')
            return new LabelRequirement(key, LabelOperator.Exists, []);
        return Word() switch
        {
            "in" => new LabelRequirement(key, LabelOperator.In, ParseSet()),
            "notin" => new LabelRequirement(key, LabelOperator.NotIn, ParseSet()),
            var other => throw Error($"found '{other}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private ImmutableArray<string> ParseSet()
    {
        if (!TryTake('('))
            throw Error("expected: '('");
        var values = ImmutableArray.CreateBuilder<string>();
        do
            values.Add(ParseValue());
        while (TryTake(','));
        return TryTake(')') ? values.ToImmutable() : throw Error("expected: ',' or ')'");
    }

    private string ParseKey()
    {
        var key = Word();
        return NameSyntax.QualifiedNameError(key) is { } error ? throw Error($"invalid label key \"{key}\": {error}") : key;
    }

    private string ParseValue()
    {
        var value = Word();
        return NameSyntax.LabelValueError(value) is { } error ? throw Error($"invalid label value \"{value}\": {error}") : value;
    }

    private string ParseNumber()
    {
        var text = Word();
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? text
            : throw Error($"for 'Gt', 'Lt' operators, the value must be an integer, not \"{text}\"");
    }

    private string Word()
    {
        SkipSpace();
        var start = _position;
        while (_position < _text.Length && !char.IsWhiteSpace(_text[_position]) && !"=!<>(),".Contains(_text[_position]))
            _position++;
        return _text[start.._position];
    }

    private bool TryTake(char c)
    {
        SkipSpace();
        if (_position >= _text.Length || _text[_position] != c)
            return false;
        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
    }

    private static ApiStatusException Error(string message) => ApiErrors.BadRequest($"unable to parse requirement: {message}");
}
