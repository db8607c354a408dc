; The four rules of CMATCH-8030 as CLIPS rules; each failure is a fact. bench.mjs appends the models and workers.
(deftemplate mcd (slot id) (slot positional) (slot attention) (multislot quant) (slot context_max))
(deftemplate ecp (slot id) (multislot supports_positional) (multislot supports_attention) (multislot supports_quant)
  (slot max_context))
(deftemplate fails (slot model) (slot worker) (slot rule))

(deffunction disjoint (?a ?b)
  (progn$ (?one ?a) (if (member$ ?one ?b) then (return FALSE)))
  TRUE)

(defrule positional
  (mcd (id ?m) (positional ?p))
  (ecp (id ?w) (supports_positional $?s&:(not (member$ ?p ?s))))
  =>
  (assert (fails (model ?m) (worker ?w) (rule 0))))

(defrule attention
  (mcd (id ?m) (attention ?a))
  (ecp (id ?w) (supports_attention $?s&:(not (member$ ?a ?s))))
  =>
  (assert (fails (model ?m) (worker ?w) (rule 1))))

(defrule quant
  (mcd (id ?m) (quant $?q))
  (ecp (id ?w) (supports_quant $?s&:(disjoint ?q ?s)))
  =>
  (assert (fails (model ?m) (worker ?w) (rule 2))))

(defrule context
  (mcd (id ?m) (context_max ?c))
  (ecp (id ?w) (max_context ?x&:(> ?c ?x)))
  =>
  (assert (fails (model ?m) (worker ?w) (rule 3))))
