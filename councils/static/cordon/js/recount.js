// The reader's own count. On the page of a result whose ballots are published it fetches the signed file of the vote,
// counts its ballots anew, and says whether the result is the same. Written apart from the program of the server, from
// the rules themselves (Scottish Local Government Elections Order 2007, schedule 1, rules 45 to 52) and paper by paper,
// so that a fault in one is not a fault in the other. Votes are whole hundred-thousandths (BigInt): nothing is rounded
// but where the rules cut off. Without this script the page tells of the file and of the command that checks it.
(function () {
  "use strict";
  if (typeof BigInt === "undefined") { return; }  // an old browser: the page is as without script

  var SCALE = BigInt(100000), ZERO = BigInt(0), MOST_WAYS = 120;

  function byNumber(a, b) { return Number(a) - Number(b); }
  function contains(list, item) { return list.indexOf(item) >= 0; }
  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

  // --- single transferable vote ------------------------------------------------------------------------------------

  // Of those equal now, the one with most (or fewest) votes at the latest stage where they differ; else the lot.
  // Null where no lot names them all.
  function choose(tied, most, stages, lots) {
    var left = tied.slice().sort(byNumber), among = left.slice(), n, totals, best;
    if (left.length === 1) { return { candidate: left[0] }; }
    for (n = stages.length; n > 0; n -= 1) {
      totals = stages[n - 1].totals;
      best = left.map(function (c) { return totals[c]; }).reduce(function (a, b) {
        return (most ? b > a : b < a) ? b : a;
      });
      left = left.filter(function (c) { return totals[c] === best; });
      if (left.length === 1) {
        return { candidate: left[0], tie: { among: among, settled: "look_back", stage: n } };
      }
    }
    if (!left.every(function (c) { return contains(lots, c); })) { return { unsettled: left }; }
    left.sort(function (a, b) { return lots.indexOf(a) - lots.indexOf(b); });
    return { candidate: most ? left[0] : left[left.length - 1], tie: { among: among, settled: "lot", stage: null } };
  }

  // One count with the lots as they are; it stops at a tie that they do not settle.
  function countOnce(candidates, ballots, seats, lots) {
    var state = {}, totals = {}, exhausted = ZERO, cutOff = ZERO, elected = [], excluded = [], surpluses = [];
    var stages = [], papers, quota, valid, tied = [], tiedFor = null, task, choice, equal, extreme;

    // Moves a paper to its next preference that is still in the count; false if there is none.
    function pass(paper) {
      do { paper.at += 1; } while (paper.at < paper.ranking.length && state[paper.ranking[paper.at]] !== "continuing");
      return paper.at < paper.ranking.length;
    }

    function held(candidate) {
      return papers.filter(function (paper) { return paper.ranking[paper.at] === candidate; });
    }

    function continuing() {
      return candidates.filter(function (c) { return state[c] === "continuing"; });
    }

    function byVotes(list) {
      return list.sort(function (a, b) {
        return totals[a] === totals[b] ? byNumber(a, b) : totals[a] > totals[b] ? -1 : 1;
      });
    }

    function endStage(happened) {
      var now = byVotes(continuing().filter(function (c) { return totals[c] >= quota * SCALE; }));
      var rest = continuing().filter(function (c) { return !contains(now, c); });
      now.forEach(function (c) { if (totals[c] > quota * SCALE) { surpluses.push(c); } });
      if (rest.length <= seats - elected.length - now.length) { now = now.concat(byVotes(rest)); }
      now.forEach(function (c) { state[c] = "elected"; elected.push(c); });
      var stage = { happened: happened, totals: Object.assign({}, totals), exhausted: exhausted, cutOff: cutOff,
        elected: now };
      if (choice) { stage.candidate = choice.candidate; }
      if (choice && choice.tie) { stage.tie = choice.tie; }
      stages.push(stage);
    }

    function transferSurplus(candidate) {
      var total = totals[candidate], surplus = total - quota * SCALE, given = ZERO;
      surpluses = surpluses.filter(function (c) { return c !== candidate; });
      held(candidate).forEach(function (paper) {
        paper.value = surplus * paper.value / total;  // BigInt: the rest is cut off
        given += paper.value;
        if (pass(paper)) { totals[paper.ranking[paper.at]] += paper.value; } else { exhausted += paper.value; }
      });
      totals[candidate] = quota * SCALE;
      cutOff += surplus - given;
    }

    function exclude(candidate) {
      state[candidate] = "excluded";
      excluded.push(candidate);
      held(candidate).forEach(function (paper) {
        if (pass(paper)) { totals[paper.ranking[paper.at]] += paper.value; } else { exhausted += paper.value; }
      });
      totals[candidate] = ZERO;
    }

    // Those without any paper pass nothing on: where the places are for others, all of them go, whoever goes first.
    function allOfThemGo(list) {
      var others = continuing().length - list.length;
      return others > 0 && others >= seats - elected.length && list.every(function (c) { return !held(c).length; });
    }

    candidates.forEach(function (c) { state[c] = "continuing"; totals[c] = ZERO; });
    papers = ballots.map(function (ranking) { return { ranking: ranking, at: -1, value: SCALE }; }).filter(pass);
    papers.forEach(function (paper) { totals[paper.ranking[paper.at]] += SCALE; });
    valid = papers.length;
    quota = BigInt(Math.floor(valid / (seats + 1)) + 1);
    if (valid) { endStage("first_preferences"); }
    while (valid && elected.length < seats && continuing().length) {
      task = surpluses.length ? "surplus" : "exclusion";
      equal = surpluses.length ? surpluses : continuing();
      extreme = byVotes(equal.slice())[task === "surplus" ? 0 : equal.length - 1];
      equal = equal.filter(function (c) { return totals[c] === totals[extreme]; });
      choice = choose(equal, task === "surplus", stages, lots);
      if (choice.unsettled && task === "exclusion" && allOfThemGo(choice.unsettled)) {
        choice = { candidate: choice.unsettled.slice().sort(byNumber).pop(),
          tie: { among: equal.slice().sort(byNumber), settled: "either_way", stage: null } };
      }
      if (choice.unsettled) { tied = choice.unsettled; tiedFor = task; break; }
      (task === "surplus" ? transferSurplus : exclude)(choice.candidate);
      endStage(task);
    }
    return { valid: valid, quota: Number(quota), elected: elected, excluded: excluded, stages: stages, tied: tied,
      tiedFor: tiedFor };
  }

  // Every count that some order of the lot could give, as far as ties ask for one; more than MOST_WAYS are too many.
  function everyWay(candidates, ballots, seats, lots, found) {
    var count = countOnce(candidates, ballots, seats, lots), missing, place;
    if (!count.tied.length) { found.push(count); return; }
    missing = count.tied.filter(function (c) { return !contains(lots, c); }).sort(byNumber)[0];
    for (place = lots.length; place >= 0 && found.length <= MOST_WAYS; place -= 1) {
      everyWay(candidates, ballots, seats, lots.slice(0, place).concat([missing], lots.slice(place)), found);
    }
  }

  // candidates: ids; ballots: lists of ids, best first; lots: ids in the order drawn.
  function stv(candidates, ballots, seats, lots) {
    var count = countOnce(candidates, ballots, seats, lots), found = [], seated;
    if (!count.tied.length) { return count; }
    everyWay(candidates, ballots, seats, lots, found);
    seated = found.map(function (way) { return way.elected.slice().sort(byNumber).join(" "); });
    if (found.length > MOST_WAYS || seated.some(function (s) { return s !== seated[0]; })) { return count; }
    found[0].stages.forEach(function (stage) {  // whichever went first, the same are elected
      if (stage.tie && stage.tie.settled === "lot" && !stage.tie.among.every(function (c) { return contains(lots, c); })) {
        stage.tie.settled = "either_way";
      }
    });
    return found[0];
  }

  // --- marks: approval and most votes --------------------------------------------------------------------------------

  function marks(candidates, ballots, seats, lots) {
    var totals = {}, ranked, last, clear, equal, open;
    candidates.forEach(function (c) { totals[c] = 0; });
    ballots.forEach(function (ballot) { ballot.forEach(function (c) { totals[c] += 1; }); });
    ranked = candidates.filter(function (c) { return totals[c] > 0; }).sort(function (a, b) {
      return totals[b] - totals[a] || (a < b ? -1 : 1);
    });
    if (ranked.length <= seats || totals[ranked[seats]] < totals[ranked[seats - 1]]) {
      return { totals: totals, elected: ranked.slice(0, seats), tied: [] };
    }
    last = totals[ranked[seats - 1]];
    clear = ranked.filter(function (c) { return totals[c] > last; });
    equal = ranked.filter(function (c) { return totals[c] === last; });
    open = seats - clear.length;
    if (!equal.every(function (c) { return contains(lots, c); })) {
      return { totals: totals, elected: clear, tied: equal };
    }
    equal.sort(function (a, b) { return lots.indexOf(a) - lots.indexOf(b); });
    return { totals: totals, elected: clear.concat(equal.slice(0, open)), tied: [] };
  }

  // --- lists: highest averages -----------------------------------------------------------------------------------------

  var STEP = { dhondt: 1, sainte_lague: 2 };  // divisors 1, 2, 3… and 1, 3, 5…

  // people: how many each list has; a list whose people all sit is passed over. Quotients are compared crosswise,
  // as whole numbers.
  function lists(candidates, people, ballots, seats, lots, method) {
    var votes = {}, given = {}, elected = [], stages = [], byLot = [], best, equal, left;

    function divisor(c) { return 1 + STEP[method] * given[c]; }
    function higher(a, b) { return BigInt(votes[a]) * BigInt(divisor(b)) - BigInt(votes[b]) * BigInt(divisor(a)); }

    candidates.forEach(function (c) { votes[c] = given[c] = 0; });
    ballots.forEach(function (ballot) { votes[ballot[0]] += 1; });
    for (;;) {
      left = seats - elected.length;
      equal = candidates.filter(function (c) { return votes[c] > 0 && given[c] < people[c]; });
      if (!left || !equal.length) { break; }
      best = equal.reduce(function (a, b) { return higher(b, a) > ZERO ? b : a; });
      equal = equal.filter(function (c) { return higher(c, best) === ZERO; }).sort();
      if (equal.length > left && !equal.every(function (c) { return contains(lots, c); })) {
        return { votes: votes, elected: elected, tied: equal, stages: stages, byLot: byLot, open: left };
      }
      if (equal.length > left) {
        byLot = equal.slice();
        equal.sort(function (a, b) { return lots.indexOf(a) - lots.indexOf(b); });
      }
      equal.slice(0, left).forEach(function (c) {
        stages.push([c, divisor(c)]);
        given[c] += 1;
        elected.push(c);
      });
    }
    return { votes: votes, elected: elected, tied: [], stages: stages, byLot: byLot, open: 0 };
  }

  // --- substitutes -----------------------------------------------------------------------------------------------------

  // Who follows each of the elected, at most so many: by marks whoever comes next, the same for all; of rankings whoever
  // is newly elected when the ballots are counted without her, and then without both.
  function following(method, candidates, ballots, seats, lots, elected, most) {
    var found = {};
    elected.forEach(function (one) {
      var gone = method === "stv" ? [one] : elected.slice(), next = [], more = true, count, taken;
      function stays(c) { return !contains(gone, c); }
      while (more && next.length < most) {
        count = method === "stv" ? stv(candidates.filter(stays), ballots, seats, lots.filter(stays))
          : marks(candidates.filter(stays), ballots.map(function (ballot) { return ballot.filter(stays); }), 1, lots);
        taken = count.elected.filter(function (c) { return !contains(elected, c); })[0];
        more = taken !== undefined;
        if (more) { next.push(taken); gone.push(taken); }
      }
      found[one] = next;
    });
    return found;
  }

  // --- the file --------------------------------------------------------------------------------------------------------

  function isValid(method, ids, seats, ballot) {
    if (method === "yes_no") { return ballot.length === 1 && contains(["yes", "no", "abstain"], ballot[0]); }
    if (method === "plurality" && ballot.length > seats) { return false; }
    if (STEP[method] && ballot.length > 1) { return false; }
    return ballot.every(function (id, i) { return contains(ids, id) && ballot.indexOf(id) === i; });
  }

  function stageAsText(stage) {
    var totals = {};
    Object.keys(stage.totals).sort(byNumber).forEach(function (c) { totals[c] = String(stage.totals[c]); });
    return [stage.happened, totals, String(stage.exhausted), String("cutOff" in stage ? stage.cutOff : stage.cut_off),
      stage.elected, stage.candidate || "", stage.tie ? [stage.tie.among, stage.tie.settled, stage.tie.stage] : ""];
  }

  // What of the result of ``file`` (an export with its ballots) the ballots do not give: names, none if it agrees.
  function recount(file) {
    var result = file.result, method = file.subject.method, seats = file.subject.seats || 1, seen = {}, wrong = [];
    var ids = file.options.map(function (option) { return option.id; });
    var unspoilt = file.ballots.filter(function (ballot) { return !ballot.spoilt; });
    var filled = unspoilt.map(function (ballot) { return ballot.marks; }).filter(function (said) { return said.length; });
    var tally = {}, people = {}, count, most;

    function compare(name, told, counted) { if (!same(told, counted)) { wrong.push(name); } }

    file.ballots.forEach(function (ballot) { seen[ballot.id] = true; });
    compare("present", result.present, Object.keys(seen).length);
    compare("present", result.present, file.ballots.length);
    compare("spoilt", result.spoilt, file.ballots.length - unspoilt.length);
    compare("blank", result.blank, unspoilt.length - filled.length);
    if (!filled.every(function (ballot) { return isValid(method, ids, seats, ballot); })) { return ["ballots"]; }
    if (method === "yes_no") {
      ["yes", "no", "abstain"].forEach(function (answer) {
        tally[answer] = filled.filter(function (ballot) { return ballot[0] === answer; }).length;
      });
    } else if (method === "stv") {
      count = stv(ids, filled, seats, file.lots);
      ids.forEach(function (id) { tally[id] = count.stages.length ? Number(count.stages[0].totals[id] / SCALE) : 0; });
      compare("quota", [result.count.quota, result.count.valid], [count.quota, count.valid]);
      compare("stages", result.count.stages.map(stageAsText), count.stages.map(stageAsText));
      compare("excluded", result.count.excluded, count.excluded);
    } else if (STEP[method]) {
      file.options.forEach(function (option) { people[option.id] = option.people.length; });
      count = lists(ids, people, filled, seats, file.lots, method);
      tally = count.votes;
      compare("stages", result.count.stages.map(function (s) { return [s.list, s.divisor]; }), count.stages);
      compare("stages", [result.count.by_lot, result.count.open_seats], [count.byLot, count.open]);
    } else {
      count = marks(ids, filled, seats, file.lots);
      tally = count.totals;
    }
    Object.keys(tally).forEach(function (name) { compare("tally", result.tally[name], tally[name]); });
    compare("tally", Object.keys(result.tally).length, Object.keys(tally).length);
    if (count && result.outcome !== "no_quorum") {
      compare("outcome", result.outcome, count.tied.length ? "tie" : count.elected.length ? "elected" : "no_votes");
      compare("elected", result.elected, count.elected);
      compare("tied", result.tied, count.tied);
    }
    most = method === "yes_no" || STEP[method] || result.outcome !== "elected" ? 0 : file.rules.rules.substitutes || 0;
    compare("substitutes", result.substitutes,
      most ? following(method, ids, filled, seats, file.lots, count.elected, most) : undefined);
    return wrong;
  }

  window.cordonRecount = { stv: stv, marks: marks, lists: lists, recount: recount };

  // --- the page --------------------------------------------------------------------------------------------------------

  document.querySelectorAll("[data-recount]").forEach(function (place) {
    function say(name) {
      place.textContent = place.getAttribute("data-" + name);
      place.setAttribute("data-said", name);
      place.classList.toggle("note--alarm", name === "differs");
    }

    say("counting");
    fetch(place.getAttribute("data-recount"), { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (file) {
      say(recount(file).length ? "differs" : "agrees");
    }).catch(function () { say("failed"); });
  });
})();
